#include <evoke/json/writer.hpp>

#include <catch2/catch.hpp>
#include <cmath>
#include <limits>
#include <string>

using evoke::json::writer;

namespace {

std::string written(std::string_view text) {
  std::string out;
  REQUIRE(writer{out}.string(text));
  return out;
}

std::string written(double number) {
  std::string out;
  REQUIRE(writer{out}.number(number));
  return out;
}

}  // namespace

TEST_CASE("The writer sets commas and colons") {
  std::string text;
  writer out{text};
  out.begin_object();
  out.key("a"), out.begin_array(), out.integer(1), out.null(), out.begin_object(), out.end_object(), out.boolean(true), out.end_array();
  out.key("b"), out.string("{[:");
  out.key("c"), out.begin_array(), out.end_array();
  out.plain_key("d"), out.raw("[1.50]");
  out.end_object();
  CHECK(text == R"({"a":[1,null,{},true],"b":"{[:","c":[],"d":[1.50]})");
}

TEST_CASE("The writer appends to what is there without a comma") {
  std::string text = "data: ";
  writer out{text};
  out.integer(1);
  CHECK(text == "data: 1");
}

TEST_CASE("Strings are escaped where JSON demands it and nowhere else") {
  CHECK(written("plain") == R"("plain")");
  CHECK(written("") == R"("")");
  CHECK(written("a\"b\\c/d") == R"("a\"b\\c/d")");
  CHECK(written("\b\f\n\r\t") == R"("\b\f\n\r\t")");
  CHECK(written(std::string_view("\0\x1F\x7F", 3)) == "\"\\u0000\\u001f\x7F\"");
  CHECK(written("\xC3\xA9\xE2\x80\xA8\xF0\x9F\x98\x80") == "\"\xC3\xA9\xE2\x80\xA8\xF0\x9F\x98\x80\"");
}

TEST_CASE("A character that needs care is found at every place of a long string") {
  for (std::size_t length = 1; length < 40; ++length) {
    for (std::size_t at = 0; at < length; ++at) {
      std::string text(length, 'x');
      text[at] = '"';
      auto const expected = "\"" + std::string(at, 'x') + "\\\"" + std::string(length - at - 1, 'x') + "\"";
      CHECK(written(text) == expected);
    }
  }
}

TEST_CASE("Text that is not UTF-8 is refused") {
  for (std::string const text : {"\xFF", "0123456789abcdef\x80", "\xC3", "a\"\xED\xA0\x80"}) {
    std::string out;
    writer into{out};
    CAPTURE(text);
    CHECK_FALSE(into.string(text));
    CHECK(into.refusal().detail == "is not valid UTF-8");
  }
}

TEST_CASE("Doubles are the shortest text that reads back the same") {
  CHECK(written(0.1) == "0.1");
  CHECK(written(1.0) == "1");
  CHECK(written(-0.0) == "-0");
  CHECK(written(1e300) == "1e+300");
  CHECK(written(1.0 / 3) == "0.3333333333333333");
  CHECK(written(std::numeric_limits<double>::denorm_min()) == "5e-324");
}

TEST_CASE("What is no finite number is refused") {
  for (double const number : {std::nan(""), std::numeric_limits<double>::infinity(), -std::numeric_limits<double>::infinity()}) {
    std::string out;
    writer into{out};
    CHECK_FALSE(into.number(number));
    CHECK(into.refusal().detail == "is not a finite number");
    CHECK_FALSE(into.number(static_cast<float>(number)));
  }
}

TEST_CASE("Integers of all widths are exact") {
  std::string text;
  writer out{text};
  out.begin_array();
  out.integer(std::numeric_limits<std::uint64_t>::max());
  out.integer(std::numeric_limits<std::int64_t>::min());
  out.integer(std::int8_t{-128});
  out.integer(std::uint8_t{255});
  out.end_array();
  CHECK(text == "[18446744073709551615,-9223372036854775808,-128,255]");
}

TEST_CASE("A refusal gathers its pointer on the way out") {
  std::string text;
  writer out{text};
  CHECK_FALSE(out.refuse("is odd"));
  CHECK_FALSE(out.within(std::size_t{3}));
  CHECK_FALSE(out.within("a/b"));
  CHECK(out.refusal() == evoke::field_error{"/a~1b/3", "is odd"});
}

TEST_CASE("What could not be read again is not written: nesting is limited") {
  std::string text;
  writer out{text};
  for (int i = 0; i < 64; ++i) CHECK(out.begin_array());
  CHECK_FALSE(out.begin_array());
  CHECK(out.refusal().detail == "is nested deeper than 64 levels");
}

TEST_CASE("A parsed value is copied with its numbers as they were") {
  evoke::json::document parsed;
  auto const root = parsed.parse(R"( { "a" : [ 1.10 , -0, 1E5, "\u0041\n" , null, false ], "b" : { } } )");
  std::string text;
  writer{text}.copy(*root);
  CHECK(text == R"({"a":[1.10,-0,1E5,"A\n",null,false],"b":{}})");
}
