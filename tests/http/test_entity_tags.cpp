#include "http/entity_tags.hpp"

#include <catch2/catch.hpp>

using namespace evoke;
using namespace evoke::http;

namespace {

constexpr std::nullopt_t absent = std::nullopt;

bool holds(std::string_view if_match, std::uint64_t current) {
  auto const expected = parse_precondition(if_match, absent);
  REQUIRE(expected);
  return expected->matches(version{current});
}

}  // namespace

TEST_CASE("without a precondition any version will do") {
  auto const expected = parse_precondition(absent, absent);
  REQUIRE(expected);
  CHECK(expected->is_any());
}

TEST_CASE("If-Match holds for the version it names and no other") {
  CHECK(holds("\"41\"", 41));
  CHECK_FALSE(holds("\"41\"", 42));
  CHECK_FALSE(holds("\"41\"", 0));
}

TEST_CASE("a list in If-Match holds for any of its members") {
  CHECK(holds("\"3\", \"4\"", 3));
  CHECK(holds("\"3\",\"4\"", 4));
  CHECK(holds("\"3\" , , \"4\",", 4));
  CHECK_FALSE(holds("\"3\", \"4\"", 5));
}

TEST_CASE("a weak entity tag never holds in If-Match") {
  CHECK_FALSE(holds("W/\"41\"", 41));
  CHECK(holds("W/\"40\", \"41\"", 41));
}

TEST_CASE("an entity tag of somebody else never holds") {
  for (std::string_view const foreign :
       {"\"\"", "\"abc\"", "\"041\"", "\"+41\"", "\"-41\"", "\"99999999999999999999\"", "\"a,b\"", "\"0\""}) {
    INFO(foreign);
    CHECK_FALSE(holds(foreign, 41));
    CHECK_FALSE(holds(foreign, 0));
  }
}

TEST_CASE("a star in If-Match demands that the aggregate exists") {
  CHECK(holds("*", 1));
  CHECK(holds(" * ", 7));
  CHECK_FALSE(holds("*", 0));
}

TEST_CASE("a star in If-None-Match demands that the aggregate does not exist") {
  auto const expected = parse_precondition(absent, "*");
  REQUIRE(expected);
  CHECK(expected->matches(version{0}));
  CHECK_FALSE(expected->matches(version{1}));
}

TEST_CASE("preconditions that do not parse are refused") {
  for (std::string_view const broken :
       {"", "41", "\"41", "41\"", "\"4\"1\"", "W\"41\"", "w/\"41\"", "\"3\" \"4\"", "*, \"3\"", ",", "\"a b\""}) {
    INFO(broken);
    CHECK_FALSE(parse_precondition(broken, absent));
  }
}

TEST_CASE("If-None-Match takes only a star on a command") {
  CHECK_FALSE(parse_precondition(absent, "\"3\""));
  CHECK_FALSE(parse_precondition(absent, ""));
}

TEST_CASE("If-Match and If-None-Match together are refused") {
  CHECK_FALSE(parse_precondition("\"3\"", "*"));
  CHECK_FALSE(parse_precondition("*", "*"));
}

TEST_CASE("on a read a weak tag names a version too") {
  auto const list = parse_entity_tags("W/\"7\", \"9\"");
  REQUIRE(list);
  CHECK(names_version(*list, version{7}));
  CHECK(names_version(*list, version{9}));
  CHECK_FALSE(names_version(*list, version{8}));
  CHECK(names_version(*parse_entity_tags("*"), version{8}));
}
