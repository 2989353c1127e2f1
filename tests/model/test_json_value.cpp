#include <evoke/json/document.hpp>

#include <catch2/catch.hpp>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

using evoke::json::document;
using evoke::json::kind;
using evoke::json::value;

TEST_CASE("A value says its kind and answers only questions that suit it") {
  document parsed;
  auto const root = parsed.parse(R"([null,true,-1.5,"x",[1],{"a":1}])");
  REQUIRE(root);
  std::vector<value> all;
  for (auto const each : root->elements()) all.push_back(each);
  REQUIRE(all.size() == 6);
  CHECK(all[0].is_null());
  CHECK(all[1].is_boolean());
  CHECK(all[2].is_number());
  CHECK(all[3].is_string());
  CHECK(all[4].is_array());
  CHECK(all[5].is_object());

  CHECK(all[1].as_bool() == true);
  CHECK(all[2].number_text() == "-1.5");
  CHECK(all[3].as_string() == "x");
  CHECK(all[4].size() == 1);
  CHECK(all[5].find("a")->number_text() == "1");

  CHECK_FALSE(all[0].as_bool());
  CHECK_FALSE(all[1].number_text());
  CHECK_FALSE(all[2].as_string());
  CHECK_FALSE(all[3].as_double());
  CHECK_FALSE(all[3].as_integer<int>());
  CHECK_FALSE(all[4].find("a"));
  CHECK(all[3].size() == 0);
  CHECK(all[3].elements().begin() == all[3].elements().end());
  CHECK(all[5].elements().begin() == all[5].elements().end());
  CHECK(all[4].members().begin() == all[4].members().end());
}

TEST_CASE("Numbers keep their text") {
  for (std::string const text :
       {"0", "-0", "1.10", "1E3", "1e+3", "100000000000000000000000000", "0.10000000000000000000001", "-0.0", "1e400"}) {
    document parsed;
    CAPTURE(text);
    CHECK(parsed.parse("[" + text + "]")->elements().begin().operator*().number_text() == text);
  }
}

TEST_CASE("Integers are exact over their whole range and nothing beyond it") {
  document parsed;
  auto const number = [&](std::string_view text) { return *parsed.parse(text); };
  CHECK(number("18446744073709551615").as_integer<std::uint64_t>() == std::numeric_limits<std::uint64_t>::max());
  CHECK_FALSE(number("18446744073709551616").as_integer<std::uint64_t>());
  CHECK_FALSE(number("18446744073709551615").as_integer<std::int64_t>());
  CHECK(number("-9223372036854775808").as_integer<std::int64_t>() == std::numeric_limits<std::int64_t>::min());
  CHECK_FALSE(number("-9223372036854775809").as_integer<std::int64_t>());
  CHECK(number("9223372036854775807").as_integer<std::int64_t>() == std::numeric_limits<std::int64_t>::max());
  CHECK(number("255").as_integer<std::uint8_t>() == 255);
  CHECK_FALSE(number("256").as_integer<std::uint8_t>());
  CHECK_FALSE(number("-1").as_integer<std::uint8_t>());
  CHECK(number("-0").as_integer<std::uint8_t>() == 0);
  CHECK_FALSE(number("1.0").as_integer<int>());
  CHECK_FALSE(number("1e3").as_integer<int>());
}

TEST_CASE("A double is the nearest one, and none for a number beyond its range") {
  document parsed;
  auto const number = [&](std::string const& text) { return parsed.parse(text)->as_double(); };
  CHECK(number("0.1") == 0.1);
  CHECK(number("1.7976931348623157e308") == std::numeric_limits<double>::max());
  CHECK(number("5e-324") == std::numeric_limits<double>::denorm_min());
  CHECK_FALSE(number("1.8e308"));
  CHECK_FALSE(number("-1e400"));
  CHECK_FALSE(number("1e99999999999999999999"));
  CHECK_FALSE(number("1" + std::string(400, '0')));
  CHECK(number("1e-400") == 0.0);
  CHECK(number("1e-99999999999999999999") == 0.0);
  CHECK(number("0." + std::string(400, '0') + "1") == 0.0);
  CHECK(number("0." + std::string(400, '0') + "1e401") == 1.0);
  CHECK_FALSE(number("0." + std::string(400, '0') + "1e800"));
  CHECK(number("1" + std::string(400, '0') + "e-400") == 1.0);
  CHECK(number("0e400") == 0.0);
  auto const small = number("-1e-400");
  REQUIRE(small);
  CHECK(std::signbit(*small));
}

TEST_CASE("An object's members come in the order of the text") {
  document parsed;
  auto const root = parsed.parse(R"({"b":{"x":[1,{"y":2}]},"a":[],"c":3})");
  std::string seen;
  for (auto const& [name, each] : root->members()) seen += std::string(name) + std::to_string(static_cast<int>(each.kind())) + ' ';
  CHECK(seen == "b5 a4 c2 ");
  CHECK(root->size() == 3);
  CHECK_FALSE(root->find("x"));
}

TEST_CASE("Every value knows its pointer") {
  document parsed;
  auto const root = parsed.parse(R"({"a":[10,{"b~/c":[true,"x",{"":null}]}],"d":1})");
  REQUIRE(root);
  CHECK(root->pointer().empty());
  auto const list = *root->find("a");
  CHECK(list.pointer() == "/a");
  CHECK((*list.elements().begin()).pointer() == "/a/0");
  auto const second = *++list.elements().begin();
  CHECK(second.pointer() == "/a/1");
  auto const inner = *second.find("b~/c");
  CHECK(inner.pointer() == "/a/1/b~0~1c");
  auto at = inner.elements().begin();
  CHECK((*at++).pointer() == "/a/1/b~0~1c/0");
  CHECK((*at++).pointer() == "/a/1/b~0~1c/1");
  CHECK((*at).find("")->pointer() == "/a/1/b~0~1c/2/");
  CHECK(root->find("d")->pointer() == "/d");
}

TEST_CASE("A container's source is its text byte for byte, whatever its strings hold") {
  std::string const text = " [ {\"a\\\"}\" : [1.0, \"]\\\\\"] , \"b\":{ }}, [\"\\u00e9\"], 7 ]\n";
  document parsed;
  auto const root = parsed.parse(text);
  REQUIRE(root);
  CHECK(root->source(text) == text.substr(1, text.size() - 2));
  auto each = root->elements().begin();
  auto const object = *each++;
  CHECK(object.source(text) == "{\"a\\\"}\" : [1.0, \"]\\\\\"] , \"b\":{ }}");
  CHECK(object.find("a\"}")->source(text) == "[1.0, \"]\\\\\"]");
  CHECK(object.find("b")->source(text) == "{ }");
  CHECK((*each++).source(text) == "[\"\\u00e9\"]");
  CHECK((*each).source(text).empty());
}
