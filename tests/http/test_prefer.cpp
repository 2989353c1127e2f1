#include "http/prefer.hpp"

#include <catch2/catch.hpp>

using namespace evoke::http;

TEST_CASE("return preferences are read") {
  CHECK(parse_prefer("").wanted == preferences::reply::standard);
  CHECK(parse_prefer("return=minimal").wanted == preferences::reply::minimal);
  CHECK(parse_prefer("return=representation").wanted == preferences::reply::representation);
  CHECK(parse_prefer("Return=\"minimal\"").wanted == preferences::reply::minimal);
  CHECK(parse_prefer("respond-async, return=minimal; foo=bar").wanted == preferences::reply::minimal);
}

TEST_CASE("of two return preferences the first counts") {
  CHECK(parse_prefer("return=minimal, return=representation").wanted == preferences::reply::minimal);
}

TEST_CASE("wait and handling are read") {
  auto const read = parse_prefer("wait=10, handling=lenient");
  CHECK(read.wait == std::chrono::seconds(10));
  CHECK(read.lenient == true);
  CHECK(parse_prefer("handling=strict").lenient == false);
}

TEST_CASE("unknown and malformed preferences are ignored") {
  for (std::string_view const odd :
       {"return", "return=much", "wait=soon", "wait=-1", "wait=", "=", ",,;", "return=\"minimal", "handling=maybe"}) {
    INFO(odd);
    auto const read = parse_prefer(odd);
    CHECK(read.wanted == preferences::reply::standard);
    CHECK_FALSE(read.wait);
    CHECK_FALSE(read.lenient);
  }
}
