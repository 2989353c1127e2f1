#include "bench/load/draw.hpp"
#include "bench/load/http_requests.hpp"
#include "bench/load/workload.hpp"

#include <catch2/catch.hpp>

#include <map>
#include <set>

using namespace evoke::load;

namespace {

workload parsed(std::string const& json) {
  auto made = parse_workload(json);
  INFO((made ? std::string() : made.error().message));
  REQUIRE(made.has_value());
  return std::move(*made);
}

std::string refusal(std::string const& json) {
  auto const made = parse_workload(json);
  REQUIRE_FALSE(made.has_value());
  return made.error().message;
}

std::string with_operation(std::string const& members) {
  return R"({"operations":[{)" + members + "}]}";
}

operation_draw draw_of(workload const& work, std::uint64_t seed = 1, std::uint64_t payload = 0) {
  return operation_draw({work, key_distribution::parse("uniform", 100).value(), payload, seed, 0, 1});
}

/// The one operation's request for key 7.
std::string request_of(workload const& work) {
  http_requests requests(work.operations, "host:80", "/base");
  random_source random(1);
  std::string out;
  requests.write(0, {"k-7", 7, 3, "pay", random}, out);
  return out;
}

}  // namespace

TEST_CASE("every built-in workload reads, under its own name") {
  CHECK(builtin_workloads().size() >= 6);
  for (auto const& each : builtin_workloads()) {
    auto const work = parsed(std::string(each.json));
    CHECK(work.name == each.name);
    CHECK_FALSE(work.about.empty());
    CHECK(find_workload(std::string(each.name)).has_value());
  }
}

TEST_CASE("a command is a POST with its fields as body") {
  auto const work = parsed(with_operation(
      R"("kind":"command","aggregate":"cart","command":"add","idempotency_key":"i-{counter}","body":{"a":"{random:4..4}","b":"x{payload}","c":[1,{"d":"{counter}"}]})"));
  auto const body = std::string(R"({"a":4,"b":"xpay","c":[1,{"d":3}]})");
  CHECK(request_of(work) ==
        "POST /base/v1/aggregates/cart/k-7/commands/add HTTP/1.1\r\nHost: host:80\r\nContent-Type: application/json\r\n"
        "Idempotency-Key: \"i-3\"\r\nContent-Length: " +
            std::to_string(body.size()) + "\r\n\r\n" + body);
  CHECK(work.operations[0].name == "add");
}

TEST_CASE("a body may be text, sent as it stands") {
  auto const work = parsed(with_operation(R"("aggregate":"cart","command":"add","body":"{\"n\":{random:2..2},\"s\":\"{random:2..2}\"}")"));
  CHECK_THAT(request_of(work), Catch::EndsWith(R"({"n":2,"s":"2"})"));
}

TEST_CASE("reads are GETs") {
  CHECK_THAT(request_of(parsed(with_operation(R"("kind":"state","aggregate":"cart")"))),
             Catch::StartsWith("GET /base/v1/aggregates/cart/k-7 HTTP/1.1\r\n"));
  CHECK_THAT(request_of(parsed(with_operation(R"("kind":"view","view":"carts","id":"a-{key_number}")"))),
             Catch::StartsWith("GET /base/v1/views/carts/a-7 HTTP/1.1\r\n"));
  CHECK_THAT(request_of(parsed(with_operation(R"("kind":"get","path":"/v1/events?limit={random:5..5}")"))),
             Catch::StartsWith("GET /base/v1/events?limit=5 HTTP/1.1\r\n"));
}

TEST_CASE("raw events are a POST to their stream") {
  auto const work = parsed(with_operation(R"("kind":"append","aggregate":"meter","body":[{"event_type":"e","data":{}}])"));
  CHECK_THAT(request_of(work), Catch::StartsWith("POST /base/v1/streams/meter/k-7 HTTP/1.1\r\n") &&
                                   Catch::EndsWith("\r\n\r\n[{\"event_type\":\"e\",\"data\":{}}]"));
}

TEST_CASE("what does not fit is told with its place") {
  CHECK_THAT(refusal("{"), Catch::Contains("not JSON"));
  CHECK_THAT(refusal("[]"), Catch::Contains("an object is wanted"));
  CHECK_THAT(refusal("{}"), Catch::Contains("'operations' is missing"));
  CHECK_THAT(refusal(R"({"operations":[]})"), Catch::Contains("one at least"));
  CHECK_THAT(refusal(R"({"operations":{}})"), Catch::Contains("a list is wanted"));
  CHECK_THAT(refusal(R"({"nonesuch":1,"operations":[]})"), Catch::Contains("'nonesuch'"));
  CHECK_THAT(refusal(R"({"distribution":"even","operations":[]})"), Catch::Contains("distribution: 'even'"));
  CHECK_THAT(refusal(R"({"keys":-1,"operations":[]})"), Catch::Contains("keys: a number"));
  CHECK_THAT(refusal(R"({"key_prefix":"a/b","operations":[]})"), Catch::Contains("key_prefix: 'a/b'"));
  CHECK_THAT(refusal(with_operation(R"("kind":"post")")), Catch::Contains("operations[0].kind: 'post'"));
  CHECK_THAT(refusal(with_operation(R"("aggregate":"cart")")), Catch::Contains("operations[0]: 'command' is missing"));
  CHECK_THAT(refusal(with_operation(R"("kind":"view")")), Catch::Contains("'view' is missing"));
  CHECK_THAT(refusal(with_operation(R"("kind":"get")")), Catch::Contains("'path' is missing"));
  CHECK_THAT(refusal(with_operation(R"("kind":"append","aggregate":"a")")), Catch::Contains("'body' is missing"));
  CHECK_THAT(refusal(with_operation(R"("aggregate":"a","command":"b","weight":0)")), Catch::Contains("operations[0].weight"));
  CHECK_THAT(refusal(with_operation(R"("aggregate":"a","command":"b","wieght":1)")), Catch::Contains("'wieght'"));
  CHECK_THAT(refusal(with_operation(R"("aggregate":"a","command":"b","body":{"x":"{nonesuch}"})")),
             Catch::Contains("operations[0].body") && Catch::Contains("{nonesuch}"));
  CHECK_THAT(refusal(R"({"prepare":[{"kind":"state","aggregate":"a"}],"operations":[{"aggregate":"a","command":"b"}]})"),
             Catch::Contains("prepare") && Catch::Contains("writes nothing"));
  CHECK_THAT(refusal(R"({"operations":[{"aggregate":"a","command":"b"},{"aggregate":"c","command":"b"}]})"),
             Catch::Contains("two are called 'b'"));
}

TEST_CASE("a workload that is neither built in nor a file is told with those there are") {
  auto const none = find_workload("nonesuch");
  REQUIRE_FALSE(none.has_value());
  CHECK(none.error().code == evoke::errc::not_found);
  CHECK_THAT(none.error().message, Catch::Contains("'nonesuch'") && Catch::Contains("adds"));
}

TEST_CASE("operations are drawn by their weights") {
  auto const work = parsed(R"({"operations":[{"aggregate":"a","command":"x","weight":3},{"aggregate":"a","command":"y"}]})");
  auto draw = draw_of(work, 9);
  int first = 0;
  for (int i = 0; i < 40'000; ++i) first += draw.next() == 0 ? 1 : 0;
  // 30,000 wanted, a standard deviation is 87.
  CHECK(first == Approx(30'000).margin(450));
}

TEST_CASE("counters are unique across lanes, payloads as long as asked for") {
  auto const work = parsed(with_operation(R"("aggregate":"a","command":"b")"));
  auto const keys = key_distribution::parse("uniform", 100).value();
  operation_draw left({work, keys, 10, 1, 0, 2});
  operation_draw right({work, keys, 10, 1, 1, 2});
  std::set<std::uint64_t> counters;
  std::set<std::string> payloads;
  for (int i = 0; i < 100; ++i) {
    for (auto* each : {&left, &right}) {
      static_cast<void>(each->next());
      auto const values = each->values();
      CHECK(counters.insert(values.counter).second);
      CHECK(values.payload.size() == 10);
      payloads.insert(std::string(values.payload));
    }
  }
  CHECK(payloads.size() > 100);
}

TEST_CASE("a key is the prefix and its number") {
  auto const work = parsed(R"({"key_prefix":"c-","operations":[{"aggregate":"a","command":"b"}]})");
  auto draw = draw_of(work);
  draw.take(12);
  CHECK(draw.values().key == "c-12");
  CHECK(draw.values().key_number == 12);
}
