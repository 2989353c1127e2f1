#include <evoke/time.hpp>

#include <catch2/catch.hpp>
#include <string>

using evoke::parse_rfc3339;
using evoke::timestamp;
using evoke::to_rfc3339;

namespace {

std::string again(std::string_view text) {
  auto const parsed = parse_rfc3339(text);
  return parsed ? to_rfc3339(*parsed) : "refused: " + parsed.error().message;
}

}  // namespace

TEST_CASE("A time is written in UTC with six decimals") {
  CHECK(to_rfc3339(timestamp{}) == "1970-01-01T00:00:00.000000Z");
  CHECK(to_rfc3339(timestamp{std::chrono::microseconds{123}}) == "1970-01-01T00:00:00.000123Z");
  CHECK(to_rfc3339(timestamp{std::chrono::microseconds{-1}}) == "1969-12-31T23:59:59.999999Z");
}

TEST_CASE("A written time reads back exactly") {
  for (auto const us : {0LL, 1LL, -1LL, 1'700'000'000'000'000LL, -62'167'219'200'000'000LL, 253'402'300'799'999'999LL, -86'400'000'001LL}) {
    timestamp const time{std::chrono::microseconds{us}};
    auto const parsed = parse_rfc3339(to_rfc3339(time));
    CAPTURE(us);
    REQUIRE(parsed);
    CHECK(*parsed == time);
  }
}

TEST_CASE("Offsets are taken off") {
  CHECK(again("2026-01-31T10:26:53+01:00") == "2026-01-31T09:26:53.000000Z");
  CHECK(again("2026-01-01T00:30:00+05:45") == "2025-12-31T18:45:00.000000Z");
  CHECK(again("2026-12-31T23:00:00-01:30") == "2027-01-01T00:30:00.000000Z");
  CHECK(again("2026-01-31T10:26:53-00:00") == "2026-01-31T10:26:53.000000Z");
  CHECK(again("2026-01-31t10:26:53z") == "2026-01-31T10:26:53.000000Z");
}

TEST_CASE("Decimals finer than microseconds are cut, also before 1970") {
  CHECK(again("2026-01-31T09:26:53.5Z") == "2026-01-31T09:26:53.500000Z");
  CHECK(again("2026-01-31T09:26:53.1234569Z") == "2026-01-31T09:26:53.123456Z");
  CHECK(again("1969-12-31T23:59:59.9999999Z") == "1969-12-31T23:59:59.999999Z");
  CHECK(again("2026-01-31T09:26:53." + std::string(5000, '9') + "Z") == "2026-01-31T09:26:53.999999Z");
}

TEST_CASE("A leap second at the end of a month in UTC is the last microsecond before midnight") {
  CHECK(again("2016-12-31T23:59:60Z") == "2016-12-31T23:59:59.999999Z");
  CHECK(again("2016-12-31T23:59:60.75Z") == "2016-12-31T23:59:59.999999Z");
  CHECK(again("2017-01-01T08:59:60+09:00") == "2016-12-31T23:59:59.999999Z");
}

TEST_CASE("A second 60 anywhere else is refused") {
  CHECK_FALSE(parse_rfc3339("2016-12-31T22:59:60Z"));
  CHECK_FALSE(parse_rfc3339("2016-12-30T23:59:60Z"));
  CHECK_FALSE(parse_rfc3339("2016-12-31T23:59:60+09:00"));
  CHECK_FALSE(parse_rfc3339("2016-12-31T23:59:61Z"));
}

TEST_CASE("Days that do not exist are refused") {
  for (std::string const text : {"2026-02-29T00:00:00Z", "2026-13-01T00:00:00Z", "2026-00-01T00:00:00Z", "2026-01-00T00:00:00Z",
                                 "2026-04-31T00:00:00Z", "1900-02-29T00:00:00Z"}) {
    CAPTURE(text);
    REQUIRE_FALSE(parse_rfc3339(text));
    CHECK(parse_rfc3339(text).error().message == "there is no such day");
  }
  CHECK(parse_rfc3339("2024-02-29T00:00:00Z"));
  CHECK(parse_rfc3339("2000-02-29T00:00:00Z"));
}

TEST_CASE("Times of day and offsets that do not exist are refused") {
  for (std::string const text :
       {"2026-01-01T24:00:00Z", "2026-01-01T00:60:00Z", "2026-01-01T00:00:00+24:00", "2026-01-01T00:00:00+00:60"}) {
    CAPTURE(text);
    REQUIRE_FALSE(parse_rfc3339(text));
    CHECK(parse_rfc3339(text).error().code == evoke::errc::invalid_argument);
  }
}

TEST_CASE("What is not of the form of RFC 3339 is refused") {
  for (std::string const text : {"",
                                 "2026-01-01",
                                 "2026-01-01T00:00:00",
                                 "2026-01-01T00:00Z",
                                 "2026-01-01 00:00:00Z",
                                 "26-01-01T00:00:00Z",
                                 "2026-1-1T00:00:00Z",
                                 "2026-01-01T00:00:00.Z",
                                 "2026-01-01T00:00:00,5Z",
                                 "2026-01-01T00:00:00+0100",
                                 "2026-01-01T00:00:00+01",
                                 "2026-01-01T00:00:00Z ",
                                 " 2026-01-01T00:00:00Z",
                                 "2026-01-01T00:00:00ZZ",
                                 "+2026-01-01T00:00:00Z",
                                 "-001-01-01T00:00:00Z",
                                 "20260101T000000Z",
                                 "2026-01-01T-1:00:00Z",
                                 "2026-01-01T00:00:00 Z",
                                 "now"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_rfc3339(text));
  }
  CHECK_FALSE(parse_rfc3339(std::string_view("2026-01-01T00:00:00\0", 20)));
}

TEST_CASE("The years 0000 to 9999 in UTC are the range") {
  CHECK(again("0000-01-01T00:00:00Z") == "0000-01-01T00:00:00.000000Z");
  CHECK(again("9999-12-31T23:59:59.999999Z") == "9999-12-31T23:59:59.999999Z");
  CHECK_FALSE(parse_rfc3339("0000-01-01T00:00:00+00:01"));
  CHECK_FALSE(parse_rfc3339("9999-12-31T23:59:59-00:01"));
}

TEST_CASE("The system's clocks go on") {
  auto const& clock = evoke::system_clock();
  auto const before = clock.steady();
  CHECK(clock.now() > *parse_rfc3339("2020-01-01T00:00:00Z"));
  CHECK(clock.steady() >= before);
}

TEST_CASE("Years beyond RFC 3339 are written for people, and do not read back") {
  CHECK(to_rfc3339(timestamp{std::chrono::sys_days{std::chrono::year{10'000} / 1 / 1}}) == "10000-01-01T00:00:00.000000Z");
  CHECK(to_rfc3339(timestamp{std::chrono::sys_days{std::chrono::year{-1} / 12 / 31}}) == "-1-12-31T00:00:00.000000Z");
  CHECK_FALSE(parse_rfc3339("10000-01-01T00:00:00.000000Z"));
}
