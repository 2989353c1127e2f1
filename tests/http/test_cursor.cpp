#include "http/consistency_token.hpp"
#include "http/cursor.hpp"

#include <catch2/catch.hpp>

using namespace evoke;
using namespace evoke::http;

TEST_CASE("a cursor gives back what it was made of") {
  for (std::string const last : {"", "c-1", "caf\xC3\xA9", "a b", "\n", "~", "1234567"})
    CHECK(read_cursor("list", make_cursor("list", last)) == last);
}

TEST_CASE("a cursor needs no escapes in a query") {
  auto const cursor = make_cursor("aggregates/cart", "\xF0\x9F\x9B\x92 cart?&=/+");
  CHECK(cursor.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_") == std::string::npos);
}

TEST_CASE("a cursor of another listing is refused") {
  CHECK_FALSE(read_cursor("b", make_cursor("a", "x")));
}

TEST_CASE("what is no cursor is refused") {
  for (std::string_view const text : {"", "x", "****", "c-1", "ab=="}) CHECK_FALSE(read_cursor("list", text));
}

TEST_CASE("a consistency token gives back its position") {
  consistency_tokens const tokens("0190c5a2-7e3b-7000-8000-1234567890ab");
  for (std::uint64_t const at : {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{255}, ~std::uint64_t{0}}) {
    std::string text;
    tokens.append(position{at}, text);
    CHECK(tokens.parse(text) == position{at});
  }
}

TEST_CASE("a consistency token of another store is refused") {
  std::string text;
  consistency_tokens("0190c5a2-7e3b-7000-8000-1234567890ab").append(position{7}, text);
  CHECK_FALSE(consistency_tokens("0190c5a2-7e3b-7000-8000-1234567890ac").parse(text));
}

TEST_CASE("what is no consistency token is refused") {
  consistency_tokens const tokens("0190c5a2-7e3b-7000-8000-1234567890ab");
  for (std::string_view const text : {"", "7", "567890ab-", "567890ab-x", "567890ab-11111111111111111", "567890ab-1 "})
    CHECK_FALSE(tokens.parse(text));
}
