#include "tests/model/sample_types.hpp"

#include <catch2/catch.hpp>

namespace json = evoke::json;

namespace {

/// All refusals as "pointer: detail", one a line.
template <class T>
std::string refusals(std::string_view text) {
  auto const decoded = json::decode<T>(text);
  if (decoded) return "accepted";
  CHECK(decoded.error().code == evoke::errc::malformed);
  std::string all;
  for (auto const& each : decoded.error().errors) all += (all.empty() ? "" : "\n") + each.pointer + ": " + each.detail;
  return all;
}

struct optional_fields {
  std::optional<std::string> name;
  std::optional<int> count;
};
BOOST_DESCRIBE_STRUCT(optional_fields, (), (name, count))

struct holder {
  std::vector<sample::point> points;
  std::map<std::string, sample::point> named;
};
BOOST_DESCRIBE_STRUCT(holder, (), (points, named))

}  // namespace

TEST_CASE("Fields are read in any order") {
  auto const point = json::decode<sample::point>(R"({"y":2,"x":1})");
  REQUIRE(point);
  CHECK(*point == sample::point{1, 2});
}

TEST_CASE("Every missing field is named") {
  CHECK(refusals<sample::point>("{}") == "/x: is missing\n/y: is missing");
  CHECK(refusals<sample::point>(R"({"y":1})") == "/x: is missing");
  CHECK(refusals<holder>(R"({"points":[{"x":1,"y":2},{"x":1}],"named":{"a/b":{"y":1}}})") ==
        "/points/1/y: is missing\n/named/a~1b/x: is missing");
}

TEST_CASE("Every unknown field is named") {
  CHECK(refusals<sample::point>(R"({"x":1,"z":{"x":1},"y":2,"a~b":3})") == "/z: is not a known field\n/a~0b: is not a known field");
  CHECK(refusals<sample::point>(R"({"X":1,"x":1,"y":1})") == "/X: is not a known field");
  CHECK(refusals<sample::point>(R"({"x":1,"y":1,"":0})") == "/: is not a known field");
}

TEST_CASE("A field of the wrong type is named, with what it should be and what it is") {
  CHECK(refusals<sample::point>(R"({"x":"1","y":null})") == "/x: must be an integer, not a string\n/y: must be an integer, not null");
  CHECK(refusals<bool>("1") == ": must be a boolean, not a number");
  CHECK(refusals<double>("\"1\"") == ": must be a number, not a string");
  CHECK(refusals<std::string>("[]") == ": must be a string, not an array");
  CHECK(refusals<std::vector<int>>("{}") == ": must be an array, not an object");
  CHECK(refusals<std::map<std::string, int>>("[]") == ": must be an object, not an array");
  CHECK(refusals<sample::point>("[1,2]") == ": must be an object, not an array");
  CHECK(refusals<sample::colour>("1") == ": must be a string, not a number");
  CHECK(refusals<evoke::timestamp>("0") == ": must be a string, not a number");
  CHECK(refusals<evoke::uuid>("true") == ": must be a string, not a boolean");
  CHECK(refusals<evoke::aggregate_id>("1") == ": must be a string, not a number");
  CHECK(refusals<std::array<int, 2>>("{}") == ": must be an array, not an object");
}

TEST_CASE("An integer out of range is named with the range") {
  CHECK(refusals<std::int8_t>("128") == ": is out of range: must be from -128 to 127");
  CHECK(refusals<std::uint8_t>("-1") == ": is out of range: must be from 0 to 255");
  CHECK(refusals<std::uint64_t>("18446744073709551616") == ": is out of range: must be from 0 to 18446744073709551615");
  CHECK(refusals<std::int64_t>("-9223372036854775809") == ": is out of range: must be from -9223372036854775808 to 9223372036854775807");
  CHECK(json::decode<std::uint64_t>("18446744073709551615") == std::numeric_limits<std::uint64_t>::max());
  CHECK(json::decode<std::int64_t>("-9223372036854775808") == std::numeric_limits<std::int64_t>::min());
  CHECK(json::decode<std::int8_t>("-128") == std::int8_t{-128});
  CHECK(json::decode<std::uint16_t>("65535") == std::uint16_t{65535});
}

TEST_CASE("A number with fraction or exponent is no integer, whatever its value") {
  for (std::string const text : {"1.0", "1e3", "1E0", "-0.0", "2.55"}) {
    CAPTURE(text);
    CHECK(refusals<int>(text) == ": must be an integer, written without fraction and exponent");
  }
}

TEST_CASE("A number that no double holds is out of range") {
  CHECK(refusals<double>("1e400") == ": is out of range: no double-precision number is that large");
  CHECK(refusals<float>("1e39") == ": is out of range: no single-precision number is that large");
  CHECK(json::decode<float>("1e-60") == 0.0F);
  CHECK(json::decode<float>("3.4028235e38") == std::numeric_limits<float>::max());
  CHECK(json::decode<double>("1e-400") == 0.0);
  CHECK(json::decode<double>("7") == 7.0);
}

TEST_CASE("An optional field may be absent or null") {
  auto const absent = json::decode<optional_fields>("{}");
  REQUIRE(absent);
  CHECK_FALSE(absent->name);
  auto const null = json::decode<optional_fields>(R"({"name":null,"count":null})");
  REQUIRE(null);
  CHECK_FALSE(null->name);
  auto const given = json::decode<optional_fields>(R"({"count":0,"name":""})");
  REQUIRE(given);
  CHECK(given->name == "");
  CHECK(given->count == 0);
  CHECK(refusals<optional_fields>(R"({"name":1})") == "/name: must be a string, not a number");
}

TEST_CASE("Null is no value for a field that is not optional") {
  CHECK(refusals<std::string>("null") == ": must be a string, not null");
  CHECK(refusals<std::vector<std::string>>(R"(["a",null])") == "/1: must be a string, not null");
}

TEST_CASE("An enum is read by name, and the names are listed when it is none of them") {
  CHECK(json::decode<sample::colour>("\"blue\"") == sample::colour::blue);
  CHECK(refusals<sample::colour>("\"Blue\"") == ": must be one of: red, green, blue");
  CHECK(refusals<sample::colour>("\"\"") == ": must be one of: red, green, blue");
}

TEST_CASE("An array of fixed size has exactly that many elements") {
  CHECK(json::decode<std::array<int, 2>>("[1,2]") == std::array<int, 2>{1, 2});
  CHECK(refusals<std::array<int, 2>>("[1]") == ": must have exactly 2 elements, not 1");
  CHECK(refusals<std::array<int, 2>>("[1,2,3]") == ": must have exactly 2 elements, not 3");
  CHECK(refusals<std::array<int, 2>>(R"([1,"2"])") == "/1: must be an integer, not a string");
}

TEST_CASE("Members of a base class stand beside those of the struct") {
  auto const both = json::decode<sample::derived>(R"({"id":"a","extra":1})");
  REQUIRE(both);
  CHECK(both->id == "a");
  CHECK(both->extra == 1);
  CHECK(refusals<sample::derived>("{}") == "/id: is missing\n/extra: is missing");
}

TEST_CASE("evoke's own types are read by their rules") {
  CHECK(json::decode<evoke::timestamp>("\"1970-01-01T01:00:00.5+01:00\"") == evoke::timestamp{std::chrono::milliseconds{500}});
  CHECK_THAT(refusals<evoke::timestamp>("\"yesterday\""), Catch::StartsWith(": must be a time (RFC 3339)"));
  CHECK(json::decode<evoke::uuid>("\"00000000-0000-0000-0000-000000000000\"") == evoke::uuid{});
  CHECK_THAT(refusals<evoke::uuid>("\"x\""), Catch::Contains("UUID"));
  CHECK(json::decode<evoke::aggregate_id>("\"c-1\"")->str() == "c-1");
  CHECK(json::decode<evoke::aggregate_id>("\"\"")->str().empty());
  CHECK_THAT(refusals<evoke::aggregate_id>("\"a/b\""), Catch::Contains("must not hold '/'"));
  CHECK(json::decode<evoke::version>("7") == evoke::version{7});
  CHECK(refusals<evoke::version>("-7") == ": is out of range: must be from 0 to 18446744073709551615");
}

TEST_CASE("All misfits of a body are listed, up to a hundred") {
  std::string text = "[";
  for (int i = 0; i < 250; ++i) text += i == 0 ? "true" : ",true";
  auto const decoded = json::decode<std::vector<int>>(text + "]");
  REQUIRE_FALSE(decoded);
  CHECK(decoded.error().errors.size() == 100);
  CHECK(decoded.error().errors.back().pointer == "/99");
  CHECK(decoded.error().message == "/0: must be an integer, not a boolean, and 249 more");
}

TEST_CASE("A long name that stands in many pointers does not make the answer larger than the question") {
  std::string text = "{\"" + std::string(50'000, 'n') + "\":[";
  for (int i = 0; i < 100; ++i) text += i == 0 ? "true" : ",true";
  auto const decoded = json::decode<std::map<std::string, std::vector<int>>>(text + "]}");
  REQUIRE_FALSE(decoded);
  CHECK(decoded.error().errors.size() == 2);
  CHECK_THAT(decoded.error().message, Catch::EndsWith(", and 99 more"));
}

TEST_CASE("A failure's message names the only misfit") {
  CHECK(json::decode<sample::point>(R"({"x":1,"y":"2"})").error().message == "/y: must be an integer, not a string");
  CHECK(json::decode<sample::point>("3").error().message == "the document must be an object, not a number");
}

TEST_CASE("A struct without members is an empty object") {
  CHECK(json::decode<sample::nothing_in_it>("{}"));
  CHECK(refusals<sample::nothing_in_it>(R"({"a":1})") == "/a: is not a known field");
}

TEST_CASE("A part of a document decodes with pointers into the whole") {
  json::document parsed;
  auto const root = parsed.parse(R"({"meta":1,"where":{"x":1,"y":"?"}})");
  auto const decoded = json::decode<sample::point>(*root->find("where"));
  REQUIRE_FALSE(decoded);
  CHECK(decoded.error().errors[0].pointer == "/where/y");
}

namespace {

/// Text inside text: decoding it uses the decoder while the decoder is at work.
struct wrapped {
  sample::point inner;
};

}  // namespace

template <>
struct evoke::json::codec<wrapped> {
  static void read(value in, wrapped& out, field_errors& errors) {
    auto const text = in.as_string();
    if (!text) return errors.wrong_kind(in, "a string");
    if (auto const inner = decode<sample::point>(*text)) {
      out.inner = *inner;
    } else {
      errors.add(in, "holds what does not fit: " + inner.error().message);
    }
  }
  static bool write(wrapped const& from, writer& out) { return out.string(*encode(from.inner)); }
  static void describe(schema_builder& out) { out.type("string"); }
};

TEST_CASE("A codec of the user's own may decode while it is decoding") {
  std::vector<wrapped> const some{{{1, 2}}, {{3, 4}}};
  auto const text = json::encode(some);
  CHECK(text == R"(["{\"x\":1,\"y\":2}","{\"x\":3,\"y\":4}"])");
  auto const again = json::decode<std::vector<wrapped>>(*text);
  REQUIRE(again);
  CHECK(again->at(1).inner == sample::point{3, 4});
  CHECK(refusals<std::vector<wrapped>>(R"(["{\"x\":1,\"y\":2}","{}"])") == "/1: holds what does not fit: /x: is missing, and 1 more");
}
