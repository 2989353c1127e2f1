#include <evoke/ids.hpp>

#include <catch2/catch.hpp>
#include <string>

using evoke::aggregate_id;

namespace {

/// Why an id is refused, "" when it is not.
std::string refusal(std::string_view text) {
  auto const parsed = aggregate_id::parse(text);
  if (!parsed) CHECK(parsed.error().code == evoke::errc::invalid_argument);
  return parsed ? "" : parsed.error().message;
}

}  // namespace

TEST_CASE("An aggregate id keeps its bytes") {
  for (std::string const text :
       {"c-1", "85123A", "a b", "~!@#$%^&*()", "\xC3\xA9t\xC3\xA9", "\xE6\x97\xA5\xE6\x9C\xAC", "\xF0\x9F\x98\x80", "...", ".a"}) {
    auto const parsed = aggregate_id::parse(text);
    CAPTURE(text);
    REQUIRE(parsed);
    CHECK(parsed->str() == text);
  }
}

TEST_CASE("An aggregate id has 1 to 128 bytes") {
  CHECK(refusal("") == "an aggregate id must not be empty");
  CHECK(refusal(std::string(128, 'x')).empty());
  CHECK(refusal(std::string(129, 'x')) == "an aggregate id must not be longer than 128 bytes");
  // 64 characters of two bytes each, and one more byte
  std::string two_bytes;
  for (int i = 0; i < 64; ++i) two_bytes += "\xC3\xA9";
  CHECK(refusal(two_bytes).empty());
  CHECK_FALSE(refusal(two_bytes + "x").empty());
}

TEST_CASE("An aggregate id is not a dot or two, which clients collapse in paths") {
  CHECK_FALSE(refusal(".").empty());
  CHECK_FALSE(refusal("..").empty());
}

TEST_CASE("An aggregate id holds no slash") {
  CHECK(refusal("a/b") == "an aggregate id must not hold '/'");
  CHECK_FALSE(refusal("/").empty());
}

TEST_CASE("An aggregate id is valid UTF-8") {
  for (std::string const text : {"\xFF", "a\x80", "\xC3", "\xC0\xAF", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xE2\x82"}) {
    CAPTURE(text);
    CHECK(refusal(text) == "an aggregate id must be valid UTF-8");
  }
}

TEST_CASE("An aggregate id holds no control character, C1 included") {
  for (std::string const& text : {std::string("a\0b", 3), std::string("a\nb"), std::string("\x1F"), std::string("a\x7F"),
                                  std::string("a\xC2\x80"
                                              "b"),
                                  std::string("a\xC2\x9F"
                                              "b"),
                                  std::string("a\xC2\x85"
                                              "b")}) {
    CAPTURE(text);
    CHECK(refusal(text) == "an aggregate id must not hold control characters");
  }
}

TEST_CASE("An aggregate id has no white space at either end, Unicode's included") {
  // space, no-break space, ogham, en quad, hair space, line separator, narrow no-break, mathematical, ideographic
  for (std::string const space :
       {" ", "\xC2\xA0", "\xE1\x9A\x80", "\xE2\x80\x80", "\xE2\x80\x8A", "\xE2\x80\xA8", "\xE2\x80\xAF", "\xE2\x81\x9F", "\xE3\x80\x80"}) {
    CAPTURE(space);
    CHECK(refusal(space + "a") == "an aggregate id must not begin with white space");
    CHECK(refusal("a" + space) == "an aggregate id must not end with white space");
    CHECK_FALSE(refusal(space).empty());
    CHECK(refusal("a" + space + "b").empty());
  }
}

TEST_CASE("Names begin with a letter and hold letters, digits, underscore, dot and dash") {
  for (std::string const text : {"a", "Z", "cart", "add_cart_item", "v1.cart-item", "A9"}) {
    CAPTURE(text);
    CHECK(evoke::aggregate_type::parse(text));
    CHECK(evoke::event_type::parse(text));
    CHECK(evoke::command_name::parse(text));
  }
  for (std::string const text : {"", "1a", "_a", ".a", "-a", "a b", "a/b", "\xC3\xA9", "a\xC3\xA9", "a:b"}) {
    CAPTURE(text);
    CHECK_FALSE(evoke::aggregate_type::parse(text));
    CHECK_FALSE(evoke::event_type::parse(text));
    CHECK_FALSE(evoke::command_name::parse(text));
  }
}

TEST_CASE("Names have at most 64 bytes") {
  CHECK(evoke::event_type::parse(std::string(64, 'a')));
  CHECK_FALSE(evoke::event_type::parse(std::string(65, 'a')));
}

TEST_CASE("A refused name says which kind of name it is") {
  CHECK(evoke::aggregate_type::parse("").error().message == "an aggregate type must not be empty");
  CHECK(evoke::event_type::parse("").error().message == "an event type must not be empty");
  CHECK(evoke::command_name::parse("").error().message == "a command name must not be empty");
}
