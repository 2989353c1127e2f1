#include "tests/model/sample_types.hpp"

#include <catch2/catch.hpp>

namespace json = evoke::json;

namespace {

/// As sample::point, but for one width.
struct wide_point {
  std::int64_t x = 0;
  std::int32_t y = 0;
};
BOOST_DESCRIBE_STRUCT(wide_point, (), (x, y))

struct optional_point {
  std::optional<std::int32_t> x;
  std::int32_t y = 0;
};
BOOST_DESCRIBE_STRUCT(optional_point, (), (x, y))

struct other_names {
  std::int32_t x = 0;
  std::int32_t z = 0;
};
BOOST_DESCRIBE_STRUCT(other_names, (), (x, z))

struct choices {
  std::optional<sample::colour> shade;
  std::optional<sample::tree> plant;
};
BOOST_DESCRIBE_STRUCT(choices, (), (shade, plant))

struct forest;
struct grove {
  std::vector<forest> forests;
};
struct forest {
  std::vector<grove> groves;
};
BOOST_DESCRIBE_STRUCT(grove, (), (forests))
BOOST_DESCRIBE_STRUCT(forest, (), (groves))

struct hour {};

}  // namespace

template <>
struct evoke::json::codec<hour> {
  static void read(value, hour&, field_errors&) {}
  static bool write(hour const&, writer&) { return true; }
  static void describe(schema_builder& out) {
    out.type("integer");
    out.keyword("maximum", "23");
  }
};

TEST_CASE("A struct is a closed object with its required fields") {
  CHECK(json::schema<sample::point>() ==
        R"({"type":"object","properties":{"x":{"type":"integer","minimum":-2147483648,"maximum":2147483647},)"
        R"("y":{"type":"integer","minimum":-2147483648,"maximum":2147483647}},"required":["x","y"],"additionalProperties":false})");
  CHECK(json::schema<sample::nothing_in_it>() == R"({"type":"object","properties":{},"additionalProperties":false})");
}

TEST_CASE("An optional field is not required and may be null") {
  CHECK(json::schema<optional_point>() ==
        R"({"type":"object","properties":{"x":{"type":["integer","null"],"minimum":-2147483648,"maximum":2147483647},)"
        R"("y":{"type":"integer","minimum":-2147483648,"maximum":2147483647}},"required":["y"],"additionalProperties":false})");
}

TEST_CASE("Every type has its schema") {
  CHECK(json::schema<bool>() == R"({"type":"boolean"})");
  CHECK(json::schema<std::uint64_t>() == R"({"type":"integer","minimum":0,"maximum":18446744073709551615})");
  CHECK(json::schema<std::int64_t>() == R"({"type":"integer","minimum":-9223372036854775808,"maximum":9223372036854775807})");
  CHECK(json::schema<std::int8_t>() == R"({"type":"integer","minimum":-128,"maximum":127})");
  CHECK(json::schema<double>() == R"({"type":"number"})");
  CHECK(json::schema<std::string>() == R"({"type":"string"})");
  CHECK(json::schema<sample::colour>() == R"({"type":"string","enum":["red","green","blue"]})");
  CHECK(json::schema<std::vector<bool>>() == R"({"type":"array","items":{"type":"boolean"}})");
  CHECK(json::schema<std::vector<std::optional<bool>>>() == R"({"type":"array","items":{"type":["boolean","null"]}})");
  CHECK(json::schema<std::array<bool, 3>>() == R"({"type":"array","items":{"type":"boolean"},"minItems":3,"maxItems":3})");
  CHECK(json::schema<std::map<std::string, bool>>() == R"({"type":"object","additionalProperties":{"type":"boolean"}})");
  CHECK(json::schema<std::unordered_map<std::string, bool>>() == R"({"type":"object","additionalProperties":{"type":"boolean"}})");
  CHECK(json::schema<evoke::timestamp>() == R"({"type":"string","format":"date-time"})");
  CHECK(json::schema<evoke::uuid>() == R"({"type":"string","format":"uuid"})");
  CHECK(json::schema<evoke::version>() == json::schema<std::uint64_t>());
}

TEST_CASE("A type that holds itself is defined once and referred to") {
  auto const text = json::schema<sample::tree>();
  CHECK_THAT(text, Catch::StartsWith(R"({"$id":"urn:evoke:schema:)"));
  CHECK_THAT(text, Catch::EndsWith(
                       R"("$ref":"#/$defs/recursive_1","$defs":{"recursive_1":{"type":"object","properties":{"name":{"type":"string"},)"
                       R"("children":{"type":"array","items":{"$ref":"#/$defs/recursive_1"}}},"required":["name","children"],)"
                       R"("additionalProperties":false}}})"));
}

TEST_CASE("Optional enums and references admit null") {
  auto const text = json::schema<choices>();
  CHECK_THAT(text, Catch::Contains(R"("shade":{"type":["string","null"],"enum":["red","green","blue",null]})"));
  CHECK_THAT(text, Catch::Contains(R"("plant":{"anyOf":[{"$ref":"#/$defs/recursive_1"},{"type":"null"}]})"));
}

TEST_CASE("Types that hold each other end") {
  auto const text = json::schema<grove>();
  json::document parsed;
  auto const root = parsed.parse(text);
  REQUIRE(root);
  CHECK(root->find("$ref")->as_string() == "#/$defs/recursive_1");
  CHECK(root->find("$defs")->find("recursive_1"));
}

TEST_CASE("Every schema is JSON") {
  json::document parsed;
  CHECK(parsed.parse(json::schema<sample::everything>()));
  CHECK(parsed.parse(json::schema<std::map<std::string, std::vector<forest>>>()));
}

TEST_CASE("A codec of the user's own describes itself") {
  CHECK(json::schema<std::optional<hour>>() == R"({"type":["integer","null"],"maximum":23})");
}

TEST_CASE("The shape tells names, types, widths and optional fields apart, and nothing else") {
  auto const shape = [](std::string const& schema) { return json::shape_hash(schema); };
  CHECK(shape(json::schema<sample::point>()) == shape(json::schema<sample::point>()));
  CHECK(shape(json::schema<sample::point>()) != shape(json::schema<wide_point>()));
  CHECK(shape(json::schema<sample::point>()) != shape(json::schema<optional_point>()));
  CHECK(shape(json::schema<sample::point>()) != shape(json::schema<other_names>()));
  CHECK(shape(json::schema<std::vector<sample::point>>()) != shape(json::schema<std::vector<wide_point>>()));
  CHECK(shape(json::schema<sample::tree>()) != shape(json::schema<forest>()));
}
