#include "http/http_date.hpp"

#include <catch2/catch.hpp>

using namespace evoke;
using namespace evoke::http;

namespace {

std::string written(timestamp time) {
  std::string out;
  append_http_date(time, out);
  return out;
}

timestamp const example{std::chrono::seconds(784111777)};

}  // namespace

TEST_CASE("an HTTP date is written as IMF-fixdate") {
  CHECK(written(example) == "Sun, 06 Nov 1994 08:49:37 GMT");
  CHECK(written(timestamp{}) == "Thu, 01 Jan 1970 00:00:00 GMT");
  CHECK(written(timestamp{std::chrono::seconds(1709210096)}) == "Thu, 29 Feb 2024 12:34:56 GMT");
}

TEST_CASE("fractions of a second are cut from an HTTP date") {
  CHECK(written(example + std::chrono::microseconds(999999)) == written(example));
}

TEST_CASE("all three forms of an HTTP date are read") {
  CHECK(parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT") == example);
  CHECK(parse_http_date("Sunday, 06-Nov-94 08:49:37 GMT") == example);
  CHECK(parse_http_date("Sun Nov  6 08:49:37 1994") == example);
}

TEST_CASE("malformed HTTP dates are not read") {
  for (std::string_view const broken :
       {"", "now", "Sun, 06 Nov 1994 08:49:37", "Sun, 06 Nov 1994 08:49:37 CET", "Sun, 31 Feb 1994 08:49:37 GMT",
        "Sun, 06 Nov 1994 24:00:00 GMT", "Sun, 06 Nov 1994 08:60:37 GMT", "Sun, 6 Nov 1994 08:49:37 GMT", "1994-11-06T08:49:37Z",
        "Sun, -6 Nov 1994 08:49:37 GMT", "Sun, 06 Nox 1994 08:49:37 GMT"}) {
    INFO(broken);
    CHECK_FALSE(parse_http_date(broken));
  }
}
