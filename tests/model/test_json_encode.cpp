#include "tests/model/sample_types.hpp"

#include <catch2/catch.hpp>
#include <cmath>

namespace json = evoke::json;

namespace {

template <class T>
std::string refusal(T const& from) {
  auto const text = json::encode(from);
  if (text) return "written: " + *text;
  CHECK(text.error().code == evoke::errc::malformed);
  REQUIRE(text.error().errors.size() == 1);
  return text.error().errors[0].pointer + ": " + text.error().errors[0].detail;
}

sample::tree deep(int levels) {
  sample::tree made{"leaf", {}};
  for (int i = 1; i < levels; ++i) made = sample::tree{"node", {made}};
  return made;
}

}  // namespace

TEST_CASE("Fields are written in the order of the description") {
  CHECK(json::encode(sample::point{1, -2}) == R"({"x":1,"y":-2})");
  CHECK(json::encode(sample::nothing_in_it{}) == "{}");
  sample::derived child;
  child.id = "a";
  child.extra = 7;
  CHECK(json::encode(child) == R"({"id":"a","extra":7})");
}

TEST_CASE("Every kind of field has its form") {
  sample::everything all;
  all.flag = true;
  all.numbers.u64 = std::numeric_limits<std::uint64_t>::max();
  all.numbers.i64 = std::numeric_limits<std::int64_t>::min();
  all.real = 0.1;
  all.small_real = 0.1F;
  all.text = "x";
  all.shade = sample::colour::blue;
  all.points = {{1, 2}};
  all.flags = {true, false};
  all.holes = {1, std::nullopt};
  all.triple = {1, 2, 3};
  all.sorted = {{"b", {}}, {"a", {1}}};
  all.hashed = {{"z", 1.5}, {"", 2}, {"a/b", 3}};
  all.plant = {"r", {{"c", {}}}};
  all.id = evoke::aggregate_id::trusted("c-1");
  CHECK(json::encode(all) ==
        R"({"flag":true,"numbers":{"i8":0,"u8":0,"i16":0,"u16":0,"i32":0,"u32":0,"i64":-9223372036854775808,"u64":18446744073709551615},)"
        R"("real":0.1,"small_real":0.1,"text":"x","shade":"blue","points":[{"x":1,"y":2}],"flags":[true,false],"holes":[1,null],)"
        R"("triple":[1,2,3],"sorted":{"a":[1],"b":[]},"hashed":{"":2,"a/b":3,"z":1.5},)"
        R"("plant":{"name":"r","children":[{"name":"c","children":[]}]},"child":{"id":"","extra":0},)"
        R"("when":"1970-01-01T00:00:00.000000Z","key":"00000000-0000-0000-0000-000000000000","id":"c-1","version":0})");
}

TEST_CASE("An empty optional field is left out") {
  sample::everything all;
  all.maybe = 3;
  auto const text = *json::encode(all);
  CHECK(text.find("\"maybe\":3") != std::string::npos);
  CHECK(text.find("maybe_point") == std::string::npos);
}

TEST_CASE("What cannot be written is named by its pointer") {
  sample::everything all;
  all.text = "\xFF";
  CHECK(refusal(all) == "/text: is not valid UTF-8");
  all = {};
  all.real = std::nan("");
  CHECK(refusal(all) == "/real: is not a finite number");
  all = {};
  all.shade = static_cast<sample::colour>(9);
  CHECK(refusal(all) == "/shade: is no enumerator that was described: 9");
  all = {};
  all.plant = {"", {{"", {}}, {"\x80", {}}}};
  CHECK(refusal(all) == "/plant/children/1/name: is not valid UTF-8");
  all = {};
  all.hashed = {{"a/b~", std::numeric_limits<double>::infinity()}};
  CHECK(refusal(all) == "/hashed/a~1b~0: is not a finite number");
  all = {};
  all.sorted = {{"\xC3", {}}};
  CHECK(refusal(all) == "/sorted: has a name that is not valid UTF-8");
  all = {};
  all.when = evoke::timestamp::max();
  CHECK(refusal(all) == "/when: is a time outside the years 0000 to 9999");
  all = {};
  all.id = evoke::aggregate_id::trusted("a/b");
  CHECK(refusal(all) == "/id: an aggregate id must not hold '/'");
  CHECK(refusal(std::string("\xFF")) == ": is not valid UTF-8");
}

TEST_CASE("What was there before stays when encoding fails") {
  std::string out = "before";
  CHECK_FALSE(json::append(out, std::vector<std::string>{"good", "\xFF"}));
  CHECK(out == "before");
  CHECK(json::append(out, std::vector<std::string>{"good"}));
  CHECK(out == "before[\"good\"]");
}

TEST_CASE("What is nested too deep to be read again is not written") {
  CHECK(json::decode<sample::tree>(*json::encode(deep(32))));
  CHECK_THAT(refusal(deep(33)), Catch::EndsWith("is nested deeper than 64 levels"));
}
