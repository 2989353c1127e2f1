#include "bench/load/text_template.hpp"

#include <evoke/ids.hpp>

#include <catch2/catch.hpp>

#include <set>

using evoke::load::placeholder_values;
using evoke::load::random_source;
using evoke::load::text_template;

namespace {

std::string rendered(std::string_view text, std::uint64_t seed = 1) {
  random_source random(seed);
  std::string out;
  text_template::parse(text).value().render({"c-7", 7, 41, "xyz", random}, out);
  return out;
}

std::string refusal(std::string_view text) {
  auto const made = text_template::parse(text);
  REQUIRE_FALSE(made.has_value());
  return made.error().message;
}

}  // namespace

TEST_CASE("placeholders stand for the operation's values") {
  CHECK(rendered("{key}/{key_number}/{counter}/{payload}") == "c-7/7/41/xyz");
  CHECK(rendered("no placeholder") == "no placeholder");
  CHECK(rendered("").empty());
  CHECK(rendered("{key}{key}") == "c-7c-7");
}

TEST_CASE("braces of JSON are text") {
  CHECK(rendered(R"({"a":{"b":{}},"c":[{ "d":1}], "e":"{key}"})") == R"({"a":{"b":{}},"c":[{ "d":1}], "e":"c-7"})");
  CHECK(rendered("{") == "{");
  CHECK(rendered("}{") == "}{");
  CHECK(rendered("{{key}}") == "{c-7}");
}

TEST_CASE("a random number reaches both ends of its range and nothing else") {
  std::set<std::string> seen;
  for (std::uint64_t seed = 0; seed < 200; ++seed) seen.insert(rendered("{random:-1..2}", seed));
  CHECK(seen == std::set<std::string>{"-1", "0", "1", "2"});
  CHECK(rendered("{random:5..5}") == "5");
  CHECK_FALSE(rendered("{random:-9223372036854775808..9223372036854775807}").empty());
}

TEST_CASE("a uuid is one, and another each time") {
  auto const first = rendered("{uuid}", 1);
  auto const both = rendered("{uuid} {uuid}", 1);
  CHECK(evoke::event_id::parse(first).has_value());
  CHECK(first[14] == '4');
  CHECK(both.substr(0, 36) == first);
  CHECK(both.substr(37) != first);
}

TEST_CASE("what is no placeholder is told") {
  CHECK_THAT(refusal("{nonesuch}"), Catch::Contains("{nonesuch}") && Catch::Contains("no such placeholder"));
  CHECK_THAT(refusal("a {key"), Catch::Contains("never closed"));
  CHECK_THAT(refusal("{random}"), Catch::Contains("no such placeholder"));
  CHECK_THAT(refusal("{random:1}"), Catch::Contains("two integers"));
  CHECK_THAT(refusal("{random:1..x}"), Catch::Contains("two integers"));
  CHECK_THAT(refusal("{random:1.5..2}"), Catch::Contains("two integers"));
  CHECK_THAT(refusal("{random:2..1}"), Catch::Contains("above its end"));
}
