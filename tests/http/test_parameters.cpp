#include "http/parameters.hpp"

#include "tests/http/requests.hpp"

using namespace evoke;
using namespace evoke::http;
using namespace evoke::http::tests;

TEST_CASE("a limit is cut to the most and must not be zero") {
  incoming request;
  parse_request(request, "/?limit=5");
  CHECK(read_limit(request, 100, 1000).value() == 5);
  CHECK(read_limit(request, 100, 3).value() == 3);
  parse_request(request, "/");
  CHECK(read_limit(request, 100, 1000).value() == 100);
  for (std::string_view const wrong : {"/?limit=0", "/?limit=", "/?limit=-1", "/?limit=x", "/?limit=1.5", "/?limit=99999999999999999999"}) {
    INFO(wrong);
    parse_request(request, wrong);
    CHECK_FALSE(read_limit(request, 100, 1000));
  }
}

TEST_CASE("a time is read with any offset, also with a plus sign that was not escaped") {
  incoming request;
  parse_request(request, "/?at=2026-01-31T09:26:53Z");
  auto const utc = read_time(request, "at").value();
  REQUIRE(utc);
  for (std::string_view const same :
       {"/?at=2026-01-31T10:26:53%2B01:00", "/?at=2026-01-31T10:26:53+01:00", "/?at=2026-01-31T08:26:53-01:00"}) {
    INFO(same);
    parse_request(request, same);
    CHECK(read_time(request, "at").value() == utc);
  }
}

TEST_CASE("what is no time is refused and an absent time is absent") {
  incoming request;
  parse_request(request, "/?at=yesterday");
  CHECK_FALSE(read_time(request, "at"));
  CHECK(read_time(request, "since").value() == std::nullopt);
}

TEST_CASE("a flag is true, false, or bare") {
  incoming request;
  for (auto const& [target, value] : std::initializer_list<std::pair<std::string_view, bool>>{
           {"/", false}, {"/?f", true}, {"/?f=true", true}, {"/?f=1", true}, {"/?f=false", false}, {"/?f=0", false}}) {
    INFO(target);
    parse_request(request, target);
    CHECK(read_flag(request, "f").value() == value);
  }
  parse_request(request, "/?f=perhaps");
  CHECK_FALSE(read_flag(request, "f"));
}

TEST_CASE("a list may be repeated or hold commas") {
  incoming request;
  parse_request(request, "/?t=a,b&t=c&t=,%20d%20,");
  CHECK(read_list(request, "t") == std::vector<std::string>{"a", "b", "c", "d"});
}

TEST_CASE("unknown and repeated parameters are refused") {
  incoming request;
  parse_request(request, "/?limit=1&limit=2");
  CHECK_FALSE(check_query(request, {"limit"}));
  CHECK(check_query(request, {"limit"}, {"limit"}));
  CHECK_FALSE(check_query(request, {"cursor"}));
  parse_request(request, "/?=1");
  CHECK_FALSE(check_query(request, {"cursor"}));
}

TEST_CASE("metadata comes from its headers") {
  incoming request;
  parse_request(
      request, "/",
      "Correlation-Id: flow-1\r\nCausation-Id: cause-1\r\ntraceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01\r\n"
      "tracestate: a=1\r\n");
  auto const meta = read_metadata(request).value();
  CHECK(meta.correlation_id == "flow-1");
  CHECK(meta.causation_id == "cause-1");
  CHECK(meta.traceparent == "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
  CHECK(meta.tracestate == "a=1");
}

TEST_CASE("a trace state without a valid parent is dropped") {
  incoming request;
  parse_request(request, "/", "traceparent: nonsense\r\ntracestate: a=1\r\n");
  auto const meta = read_metadata(request).value();
  CHECK(meta.traceparent.empty());
  CHECK(meta.tracestate.empty());
}

TEST_CASE("a correlation id has 1 to 128 bytes of UTF-8") {
  incoming request;
  parse_request(request, "/", "Correlation-Id: " + std::string(128, 'c') + "\r\n");
  CHECK(read_metadata(request));
  for (auto const& wrong : {std::string(129, 'c'), std::string("\xFF"), std::string()}) {
    INFO(wrong);
    parse_request(request, "/", "Correlation-Id: " + wrong + "\r\n");
    CHECK_FALSE(read_metadata(request));
  }
}
