#include "http/event_json.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using namespace evoke;
using namespace evoke::http;

namespace {

recorded_event example() {
  recorded_event event;
  event.id = uuid::parse("0190c5a2-7e3b-8abc-9def-1234567890ab").value();
  event.type = event_type::trusted("cart_item_added");
  event.schema_version = 2;
  event.stream_type = aggregate_type::trusted("cart");
  event.stream_id = aggregate_id::trusted("c \"1\"");
  event.version = version{3};
  event.position = position{42};
  event.time = timestamp{std::chrono::microseconds(1'769'851'613'000'123)};
  event.data = R"({"price":1.10,"big":100000000000000000000})";
  event.meta.correlation_id = "flow";
  event.meta.causation_id = "cause";
  return event;
}

std::string text_of(recorded_event const& event) {
  std::string out;
  append_event(out, event);
  return out;
}

}  // namespace

TEST_CASE("an event has the shape of the contract") {
  CHECK(text_of(example()) ==
        R"({"event_id":"0190c5a2-7e3b-8abc-9def-1234567890ab","event_type":"cart_item_added","schema_version":2,"aggregate_type":"cart",)"
        R"("aggregate_id":"c \"1\"","version":3,"position":42,"time":"2026-01-31T09:26:53.000123Z",)"
        R"("data":{"price":1.10,"big":100000000000000000000},"metadata":{"correlation_id":"flow","causation_id":"cause"}})");
}

TEST_CASE("a part says which it is, and of how many") {
  auto event = example();
  event.part = 2;
  event.parts = 3;
  CHECK(text_of(event).ends_with(R"("causation_id":"cause"},"part":2,"parts":3})"));
  std::string cloud;
  append_cloudevent(cloud, event);
  CHECK_THAT(cloud, Catch::Contains(R"("id":"0190c5a2-7e3b-8abc-9def-1234567890ab/2")"));
  CHECK_THAT(cloud, Catch::EndsWith(R"("part":2,"parts":3})"));
}

TEST_CASE("metadata that was given stands beside the ids") {
  auto event = example();
  event.meta.user = "ann";
  event.meta.traceparent = "00-a";
  event.meta.tracestate = "b=c";
  event.meta.extra = R"({"source":"import","n":1})";
  CHECK(text_of(event).ends_with(
      R"("metadata":{"correlation_id":"flow","causation_id":"cause","user":"ann","traceparent":"00-a","tracestate":"b=c",)"
      R"("source":"import","n":1}})"));
}

TEST_CASE("empty free-form metadata leaves no trace") {
  auto event = example();
  event.meta.extra = "{}";
  CHECK(text_of(event) == text_of(example()));
}

TEST_CASE("free-form metadata never doubles a name of ours") {
  auto event = example();
  event.meta.extra = R"({"user":"somebody"})";
  CHECK(text_of(event).ends_with(R"("causation_id":"cause","extra":{"user":"somebody"}}})"));
}

TEST_CASE("a cloud event has the attributes of CloudEvents 1.0") {
  auto event = example();
  event.meta.traceparent = "00-a";
  std::string out;
  append_cloudevent(out, event);
  auto const read = nlohmann::json::parse(out);
  CHECK(read["specversion"] == "1.0");
  CHECK(read["id"] == "0190c5a2-7e3b-8abc-9def-1234567890ab");
  CHECK(read["source"] == "/v1/streams/cart");
  CHECK(read["type"] == "cart_item_added");
  CHECK(read["subject"] == "c \"1\"");
  CHECK(read["time"] == "2026-01-31T09:26:53.000123Z");
  CHECK(read["datacontenttype"] == "application/json");
  CHECK(read["correlationid"] == "flow");
  CHECK(read["causationid"] == "cause");
  CHECK(read["traceparent"] == "00-a");
  CHECK(read["sequence"] == "00000000000000000042");
  CHECK(out.find(R"("data":{"price":1.10,)") != std::string::npos);
}
