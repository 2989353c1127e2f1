#include "http/negotiation.hpp"

#include <array>
#include <catch2/catch.hpp>

using namespace evoke::http;

namespace {

constexpr std::array<std::string_view, 3> offers{"application/json", "application/x-ndjson", "application/cloudevents-batch+json"};

std::string_view chosen(std::string_view accept) {
  auto const index = negotiate(accept, offers);
  return index ? offers[*index] : "none";
}

}  // namespace

TEST_CASE("who accepts anything gets the first offer") {
  for (std::string_view const any : {"", "*/*", "application/*", "text/html, */*;q=0.1", "text/html;q=1, application/*;q=0.5"}) {
    INFO(any);
    CHECK(chosen(any) == "application/json");
  }
}

TEST_CASE("a named type is chosen") {
  CHECK(chosen("application/x-ndjson") == "application/x-ndjson");
  CHECK(chosen("APPLICATION/X-NDJSON") == "application/x-ndjson");
  CHECK(chosen("application/cloudevents-batch+json; charset=utf-8") == "application/cloudevents-batch+json");
}

TEST_CASE("the higher weight wins") {
  CHECK(chosen("application/json;q=0.5, application/x-ndjson;q=0.7") == "application/x-ndjson");
  CHECK(chosen("application/x-ndjson;q=0.001, */*;q=0.5") == "application/json");
}

TEST_CASE("a more exact range overrides a wider one") {
  CHECK(chosen("*/*, application/json;q=0") == "application/x-ndjson");
  CHECK(chosen("application/*;q=0.2, application/x-ndjson;q=0.3, */*;q=0.9") == "application/x-ndjson");
}

TEST_CASE("what is not on offer is not acceptable") {
  for (std::string_view const other : {"text/html", "text/event-stream", "application/json;q=0", "text/*", "application/xml, image/png",
                                       "*/*;q=0", "json", "application/json;q=x"}) {
    INFO(other);
    CHECK(chosen(other) == "none");
  }
}

TEST_CASE("bodies of JSON types are read") {
  for (std::string_view const json :
       {"", "application/json", "Application/JSON", "application/json; charset=utf-8", "application/json;charset=\"UTF-8\"",
        "application/merge-patch+json", "application/json; profile=x"}) {
    INFO(json);
    CHECK(is_json_type(json));
  }
}

TEST_CASE("bodies of other types are not read") {
  for (std::string_view const other :
       {"text/plain", "application/x-www-form-urlencoded", "application/xml", "application/json; charset=latin1", "json",
        "application/+json", "application/jsonx", "multipart/form-data; boundary=x"}) {
    INFO(other);
    CHECK_FALSE(is_json_type(other));
  }
}
