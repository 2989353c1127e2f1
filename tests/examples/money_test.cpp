#include "replay/money.hpp"

#include <catch2/catch.hpp>

#include <limits>

namespace {

using replay::format_minor_units;
using replay::parse_integer;
using replay::parse_minor_units;

constexpr auto most = std::numeric_limits<std::int64_t>::max();
constexpr auto least = std::numeric_limits<std::int64_t>::min();

TEST_CASE("amounts become minor units digit by digit") {
  CHECK(parse_minor_units("2.55") == 255);
  CHECK(parse_minor_units("2.5") == 250);
  CHECK(parse_minor_units("2") == 200);
  CHECK(parse_minor_units("2.") == 200);
  CHECK(parse_minor_units(".5") == 50);
  CHECK(parse_minor_units("0.07") == 7);
  CHECK(parse_minor_units("0") == 0);
  CHECK(parse_minor_units("+1.10") == 110);
  CHECK(parse_minor_units("-11062.06") == -1106206);
  CHECK(parse_minor_units("0013541.33") == 1354133);
}

TEST_CASE("amounts that a double would get wrong are exact") {
  CHECK(parse_minor_units("1.15") == 115);
  CHECK(parse_minor_units("90071992547409.93") == 9007199254740993);
}

TEST_CASE("more than two decimals are rounded, half of a unit away from zero") {
  CHECK(parse_minor_units("2.344") == 234);
  CHECK(parse_minor_units("2.345") == 235);
  CHECK(parse_minor_units("2.3449999") == 234);
  CHECK(parse_minor_units("-2.345") == -235);
  CHECK(parse_minor_units("-2.344") == -234);
  CHECK(parse_minor_units("0.999") == 100);
  CHECK(parse_minor_units("-0.001") == 0);
}

TEST_CASE("what is no amount is refused") {
  for (auto const* text : {"", "-", "+", ".", "abc", "1,50", "1 ", " 1", "1.2.3", "1e3", "0x10", "--1", "-+1", "1.2x", "1.234x", "nan"}) {
    INFO(text);
    CHECK_FALSE(parse_minor_units(text));
  }
}

TEST_CASE("amounts reach to the ends of 64 bits and no further") {
  CHECK(parse_minor_units("92233720368547758.07") == most);
  CHECK(parse_minor_units("-92233720368547758.08") == least);
  CHECK_FALSE(parse_minor_units("92233720368547758.08"));
  CHECK_FALSE(parse_minor_units("-92233720368547758.09"));
  CHECK(parse_minor_units("92233720368547758.074") == most);
  CHECK_FALSE(parse_minor_units("92233720368547758.075"));
  CHECK_FALSE(parse_minor_units("-92233720368547758.085"));
  CHECK_FALSE(parse_minor_units("100000000000000000000"));
}

TEST_CASE("quantities are integers and nothing else") {
  CHECK(parse_integer("6") == 6);
  CHECK(parse_integer("-9360") == -9360);
  CHECK(parse_integer("+3") == 3);
  CHECK(parse_integer("9223372036854775807") == most);
  for (auto const* text : {"", "+", "-", "+-3", "1.0", "6 ", "six", "9223372036854775808"}) {
    INFO(text);
    CHECK_FALSE(parse_integer(text));
  }
}

TEST_CASE("amounts are shown with separators and two decimals") {
  CHECK(format_minor_units(0) == "0.00");
  CHECK(format_minor_units(7) == "0.07");
  CHECK(format_minor_units(-7) == "-0.07");
  CHECK(format_minor_units(123456) == "1,234.56");
  CHECK(format_minor_units(-100000000) == "-1,000,000.00");
  CHECK(format_minor_units(least) == "-92,233,720,368,547,758.08");
  CHECK(replay::format_count(999) == "999");
  CHECK(replay::format_count(1000) == "1,000");
  CHECK(replay::format_count(1234567) == "1,234,567");
}

}  // namespace
