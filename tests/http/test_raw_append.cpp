#include "http/raw_append.hpp"

#include <catch2/catch.hpp>

using namespace evoke;
using namespace evoke::http;

namespace {

std::string wrong_at(std::string_view body) {
  auto const read = parse_raw_events(body, limits{});
  REQUIRE_FALSE(read);
  CHECK(read.error().code == errc::malformed);
  REQUIRE_FALSE(read.error().errors.empty());
  return read.error().errors[0].pointer;
}

}  // namespace

TEST_CASE("raw events are read with their numbers as written") {
  auto const read = parse_raw_events(
      R"([ {"event_type":"paid", "data": {"amount": 1.10, "n": 1E2}},
          {"event_id":"0190C5A2-7e3b-7abc-9def-1234567890ab","event_type":"sent","data":[ ],"metadata":{"source": "import"}} ])",
      limits{});
  REQUIRE(read);
  REQUIRE(read->size() == 2);
  CHECK_FALSE((*read)[0].id);
  CHECK((*read)[0].type == "paid");
  CHECK((*read)[0].data == R"({"amount":1.10,"n":1E2})");
  CHECK((*read)[0].extra == "");
  CHECK((*read)[1].id->str() == "0190c5a2-7e3b-7abc-9def-1234567890ab");
  CHECK((*read)[1].data == "[]");
  CHECK((*read)[1].extra == R"({"source":"import"})");
}

TEST_CASE("raw events that do not fit are refused by name") {
  CHECK(wrong_at("{}") == "");
  CHECK(wrong_at("[]") == "");
  CHECK(wrong_at("[7]") == "/0");
  CHECK(wrong_at(R"([{"event_type":"a"}])") == "/0/data");
  CHECK(wrong_at(R"([{"data":1}])") == "/0/event_type");
  CHECK(wrong_at(R"([{"event_type":"a","data":1,"color":2}])") == "/0/color");
  CHECK(wrong_at(R"([{"event_type":"a","data":1},{"event_type":"not a name","data":1}])") == "/1/event_type");
  CHECK(wrong_at(R"([{"event_type":7,"data":1}])") == "/0/event_type");
  CHECK(wrong_at(R"([{"event_type":"a","data":1,"event_id":"x"}])") == "/0/event_id");
  CHECK(wrong_at(R"([{"event_type":"a","data":1,"event_id":"00000000-0000-0000-0000-000000000000"}])") == "/0/event_id");
  CHECK(wrong_at(R"([{"event_type":"a","data":1,"metadata":[]}])") == "/0/metadata");
  CHECK(wrong_at(R"([{"event_type":"a","data":1,"metadata":{"correlation_id":"x"}}])") == "/0/metadata/correlation_id");
}

TEST_CASE("an event id may stand in a batch once") {
  constexpr std::string_view one = R"({"event_id":"0190c5a2-7e3b-7abc-9def-1234567890ab","event_type":"a","data":1})";
  CHECK(wrong_at("[" + std::string(one) + "," + std::string(one) + "]") == "/1/event_id");
}

TEST_CASE("what is not JSON is malformed") {
  for (std::string_view const body : {"", "[", "[1,]", "nonsense", "[{\"a\":1,\"a\":2}]"}) {
    INFO(body);
    auto const read = parse_raw_events(body, limits{});
    REQUIRE_FALSE(read);
    CHECK(read.error().code == errc::malformed);
  }
}

TEST_CASE("raw events keep to the limits of events, payload and batch") {
  limits few;
  few.max_events_per_command = 1;
  CHECK(parse_raw_events(R"([{"event_type":"a","data":1},{"event_type":"a","data":1}])", few).error().code == errc::limit_exceeded);
  limits small;
  small.max_payload_bytes = 5;
  CHECK(parse_raw_events(R"([{"event_type":"a","data":"abc"}])", small));
  CHECK(parse_raw_events(R"([{"event_type":"a","data":"abcd"}])", small).error().code == errc::limit_exceeded);
  limits light;
  light.max_command_bytes = 9;
  CHECK(parse_raw_events(R"([{"event_type":"a","data":"abc"},{"event_type":"a","data":"abc"}])", light).error().code ==
        errc::limit_exceeded);
}
