#include "tests/http/served_world.hpp"

#include <chrono>

using namespace evoke;
using namespace evoke::http;
using namespace evoke::http::tests;

namespace {

constexpr std::string_view json_body = "Content-Type: application/json\r\n";
constexpr std::string_view waiting = "Prefer: wait=10\r\n";

/// Opens `count` ledgers: that many events.
void write(served_world const& world, int count, int from = 0) {
  for (int i = 0; i < count; ++i)
    REQUIRE(world.command("ledger/l" + std::to_string(from + i) + "/open_ledger", R"({"owner":"a"})", json_body).status == 201);
}

answer put(served_world const& world, std::string_view name, std::string_view body = "{}") {
  return world.ask("PUT", "/v1/subscriptions/" + std::string(name), json_body, body);
}

answer post(served_world const& world, std::string_view target, std::string_view body) {
  return world.ask("POST", "/v1/subscriptions/" + std::string(target), json_body, body);
}

/// Until the subscription has so many events at hand.
void wait_for(served_world const& world, std::string_view name, int events, std::string_view what = "waiting") {
  auto const until = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  while (json_of(world.get("/v1/subscriptions/" + std::string(name)))[what] != events) REQUIRE(std::chrono::steady_clock::now() < until);
}

}  // namespace

TEST_CASE("a subscription is made, looked at, listed and removed") {
  served_world world;
  auto const made = put(world, "mail", R"({"filter":{"aggregate_types":["ledger"]},"lease_ms":5000})");
  CHECK(made.status == 201);
  CHECK(made.header("location") == "/v1/subscriptions/mail");
  auto const document = json_of(made);
  CHECK(document["name"] == "mail");
  CHECK(document["lease_ms"] == 5000);
  CHECK(document["max_attempts"] == 10);
  CHECK(document["filter"]["aggregate_types"] == nlohmann::json{"ledger"});
  CHECK(put(world, "mail", R"({"filter":{"aggregate_types":["ledger"]},"lease_ms":6000})").status == 200);
  CHECK(json_of(world.get("/v1/subscriptions/mail"))["lease_ms"] == 6000);
  CHECK(problem_of(put(world, "mail", "{}")) == "invalid-argument");  // another filter
  CHECK(json_of(world.get("/v1/subscriptions"))["subscriptions"].size() == 1);
  CHECK(world.ask("DELETE", "/v1/subscriptions/mail").status == 204);
  CHECK(problem_of(world.get("/v1/subscriptions/mail")) == "not-found");
  CHECK(problem_of(world.ask("DELETE", "/v1/subscriptions/mail")) == "not-found");
}

TEST_CASE("a consumer fetches, acknowledges, and has nothing left") {
  served_world world;
  write(world, 3);
  REQUIRE(put(world, "mail").status == 201);
  wait_for(world, "mail", 3);
  auto const got = world.ask("POST", "/v1/subscriptions/mail:fetch?limit=2");
  REQUIRE(got.status == 200);
  auto const batch = json_of(got);
  REQUIRE(batch["deliveries"].size() == 2);
  CHECK(batch["deliveries"][0]["attempt"] == 1);
  auto const event = batch["deliveries"][0]["event"];
  CHECK(event == json_of(world.get("/v1/events/" + event["event_id"].get<std::string>())));
  auto const lease = batch["lease"].get<std::string>();
  auto const first = event["event_id"].get<std::string>();
  auto const one = post(world, "mail:ack", R"({"lease":")" + lease + R"(","events":[")" + first + R"("]})");
  CHECK(json_of(one)["settled"] == 1);
  auto const again = post(world, "mail:ack", R"({"lease":")" + lease + R"(","events":[")" + first + R"("]})");
  CHECK(again.status == 409);
  CHECK(problem_of(again) == "lease-expired");
  CHECK(json_of(post(world, "mail:ack", R"({"lease":")" + lease + R"("})"))["settled"] == 1);
  auto const last = json_of(world.ask("POST", "/v1/subscriptions/mail:fetch"));
  REQUIRE(last["deliveries"].size() == 1);
  CHECK(last["deliveries"][0]["event"]["position"] == 3);
  CHECK(post(world, "mail:ack", R"({"lease":")" + last["lease"].get<std::string>() + R"("})").status == 200);
  auto const empty = json_of(world.ask("POST", "/v1/subscriptions/mail:fetch"));
  CHECK(empty["deliveries"].empty());
  CHECK_FALSE(empty.contains("lease"));
  CHECK(empty["lag_events"] == 0);
}

TEST_CASE("a fetch waits as Prefer says and is answered by what comes") {
  served_world world;
  REQUIRE(put(world, "mail", R"({"after":"now"})").status == 201);
  auto consumer = world.connect();
  consumer.send("POST /v1/subscriptions/mail:fetch HTTP/1.1\r\nHost: t\r\nContent-Length: 0\r\n" + std::string(waiting) + "\r\n");
  write(world, 1);
  auto const got = consumer.read();
  CHECK(got.header("preference-applied") == "wait=10");
  CHECK(json_of(got)["deliveries"].size() == 1);
}

TEST_CASE("now is the moment a subscription was made, however often it is sent") {
  served_world world;
  write(world, 2);
  REQUIRE(put(world, "mail", R"({"after":"now"})").status == 201);
  write(world, 1, 2);
  auto const again = put(world, "mail", R"({"after":"now"})");
  CHECK(again.status == 200);
  CHECK(json_of(again)["after"] == "2");
}

TEST_CASE("nacked events are parked, listed page by page, and replayed") {
  served_world world;
  write(world, 3);
  REQUIRE(put(world, "mail").status == 201);
  wait_for(world, "mail", 3);
  auto const lease = json_of(world.ask("POST", "/v1/subscriptions/mail:fetch"))["lease"].get<std::string>();
  CHECK(json_of(post(world, "mail:nack", R"({"lease":")" + lease + R"(","action":"park","reason":"no address"})"))["settled"] == 3);
  auto const page = world.get("/v1/subscriptions/mail/parked?limit=2");
  auto const parked = json_of(page);
  REQUIRE(parked["parked"].size() == 2);
  CHECK(parked["parked"][0]["reason"] == "no address");
  CHECK(parked["parked"][0]["event_type"] == "ledger_opened");
  CHECK(page.header("link").find("rel=\"next\"") != std::string::npos);
  auto const rest = json_of(world.get("/v1/subscriptions/mail/parked?limit=2&cursor=" + parked["next_cursor"].get<std::string>()));
  REQUIRE(rest["parked"].size() == 1);
  CHECK_FALSE(rest.contains("next_cursor"));
  CHECK(json_of(world.ask("POST", "/v1/subscriptions/mail:replay-parked?dry_run=true"))["would_replay"] == 3);
  CHECK(json_of(world.ask("POST", "/v1/subscriptions/mail:replay-parked?limit=1"))["replayed"] == 1);
  auto const back = json_of(world.ask("POST", "/v1/subscriptions/mail:fetch"));
  REQUIRE(back["deliveries"].size() == 1);
  CHECK(back["deliveries"][0]["event"]["position"] == 1);
}

TEST_CASE("what a consumer sends wrong is told field by field") {
  served_world world;
  REQUIRE(put(world, "mail").status == 201);
  CHECK(problem_of(put(world, "Mail")) == "invalid-argument");
  CHECK(problem_of(put(world, "x", R"({"lease":1})")) == "malformed");
  CHECK(json_of(put(world, "x", R"({"filter":{"types":[]}})"))["errors"][0]["pointer"] == "/filter/types");
  CHECK(problem_of(put(world, "x", R"({"lease_ms":0})")) == "invalid-argument");
  CHECK(problem_of(put(world, "x", R"({"after":"soon"})")) == "invalid-argument");
  CHECK(problem_of(put(world, "x", R"({"after":"99"})")) == "invalid-argument");
  CHECK(problem_of(put(world, "x", R"({"filter":{"event_types":["bookd"]}})")) == "unknown-type");
  CHECK(problem_of(world.ask("PUT", "/v1/subscriptions/x", "Content-Type: text/plain\r\n", "{}")) == "unsupported-media-type");
  CHECK(problem_of(world.ask("POST", "/v1/subscriptions/none:fetch")) == "not-found");
  CHECK(problem_of(world.ask("POST", "/v1/subscriptions/mail:fetch?limit=0")) == "invalid-argument");
  CHECK(problem_of(post(world, "mail:ack", "{}")) == "malformed");
  CHECK(problem_of(post(world, "mail:ack", R"({"lease":"ab","events":["nonsense"]})")) == "malformed");
  CHECK(problem_of(post(world, "mail:nack", R"({"lease":"ab","action":"drop"})")) == "malformed");
  CHECK(problem_of(post(world, "mail:ack", R"({"lease":"ab"})")) == "lease-expired");
  CHECK(problem_of(world.get("/v1/subscriptions/mail/parked?cursor=x")) == "invalid-argument");
  CHECK(problem_of(world.ask("POST", "/v1/subscriptions/mail:grab")) == "method-not-allowed");
}

TEST_CASE("a stop answers consumers that wait, and soon") {
  served_world world;
  REQUIRE(put(world, "mail").status == 201);
  auto consumer = world.connect();
  consumer.send("POST /v1/subscriptions/mail:fetch HTTP/1.1\r\nHost: t\r\nContent-Length: 0\r\n" + std::string(waiting) + "\r\n");
  wait_for(world, "mail", 1, "consumers");
  auto const begin = std::chrono::steady_clock::now();
  world.http->stop(std::chrono::seconds(20));
  CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds(9));  // the consumer was ready to wait for ten
  CHECK(json_of(consumer.read())["deliveries"].empty());
}

TEST_CASE("metrics are served as Prometheus asks for them") {
  served_world world;
  write(world, 2);
  auto const got =
      world.get("/metrics", "Accept: application/openmetrics-text;version=1.0.0;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1\r\n");
  REQUIRE(got.status == 200);
  CHECK(got.header("content-type") == "text/plain; version=0.0.4; charset=utf-8");
  CHECK(got.body.find("\nevoke_commands_total{outcome=\"succeeded\"} 2\n") != std::string::npos);
  CHECK(got.body.find("# HELP evoke_commit_duration_seconds ") != std::string::npos);
  CHECK(world.get("/metrics").status == 200);
}
