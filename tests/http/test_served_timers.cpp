#include "tests/http/served_world.hpp"
#include "tests/runtime/alarm.hpp"

using namespace evoke;
using namespace evoke::http;
using namespace evoke::http::tests;

namespace {

constexpr std::string_view json_body = "Content-Type: application/json\r\n";

registry alarms_too() {
  auto made = alarms::types();
  REQUIRE(made.add(define<ledgers::ledger>()));
  return made;
}

struct timed_world : served_world {
  timed_world() : served_world(any_port(), small_runtime(), {}, alarms_too()) {}
  void set(std::string const& tower, std::string const& name, std::string const& due) const {
    auto const body = R"({"name":")" + name + R"(","due":")" + due + R"(","how":""})";
    REQUIRE(command("clock_tower/" + tower + "/set_alarm", body, json_body).status / 100 == 2);
  }
};

}  // namespace

TEST_CASE("timers are listed over HTTP with everything they will do") {
  timed_world world;
  world.set("a", "late", "2999-01-02T00:00:00Z");
  world.set("b", "early", "2999-01-01T00:00:00.5Z");
  auto const got = world.get("/v1/timers");
  CHECK(got.status == 200);
  CHECK(got.header("cache-control") == "no-store");
  auto const timers = json_of(got)["timers"];
  REQUIRE(timers.size() == 2);
  CHECK(timers[0]["name"] == "early");
  CHECK(timers[0]["aggregate_type"] == "clock_tower");
  CHECK(timers[0]["due"] == "2999-01-01T00:00:00.500000Z");
  CHECK(timers[0]["command"] == "ring");
  CHECK(timers[0]["body"]["name"] == "early");
  CHECK(timers[0]["attempts"] == 0);
  CHECK_FALSE(timers[0].contains("last_error"));
  CHECK(timers[1]["aggregate_id"] == "a");
  auto const event = json_of(world.get("/v1/events/" + timers[1]["set_by"].get<std::string>()));
  CHECK(event["event_type"] == "alarm_set");
  CHECK(event["aggregate_id"] == "a");
  CHECK(event["metadata"]["correlation_id"] == timers[1]["correlation_id"]);
}

TEST_CASE("timers are listed page by page, of one type and of one aggregate") {
  timed_world world;
  for (int i = 0; i < 7; ++i)
    world.set(i % 2 == 0 ? "a" : "b", "n" + std::to_string(i), "2999-01-0" + std::to_string(7 - i) + "T00:00:00Z");
  std::vector<std::string> names;
  std::string target = "/v1/timers?aggregate_type=clock_tower&limit=3";
  for (int page = 0; page < 3; ++page) {
    auto const got = world.get(target);
    auto const document = json_of(got);
    for (auto const& each : document["timers"]) names.push_back(each["name"]);
    if (!document.contains("next_cursor")) break;
    auto const link = got.header("link");
    target = link.substr(1, link.find('>') - 1);
    CHECK(target.find(document["next_cursor"].get<std::string>()) != std::string::npos);
  }
  CHECK(names == std::vector<std::string>{"n6", "n5", "n4", "n3", "n2", "n1", "n0"});
  auto const of_b = json_of(world.get("/v1/timers?aggregate_type=clock_tower&aggregate_id=b"))["timers"];
  REQUIRE(of_b.size() == 3);
  CHECK(of_b[0]["name"] == "n5");
  CHECK(json_of(world.get("/v1/timers?aggregate_type=ledger"))["timers"].empty());
}

TEST_CASE("a list of timers that is asked for wrongly is refused") {
  timed_world world;
  CHECK(problem_of(world.get("/v1/timers?aggregate_type=nonesuch")) == "unknown-type");
  CHECK(problem_of(world.get("/v1/timers?aggregate_id=a")) == "invalid-argument");
  CHECK(problem_of(world.get("/v1/timers?cursor=abc")) == "invalid-argument");
  CHECK(problem_of(world.get("/v1/timers?limit=0")) == "invalid-argument");
  CHECK(problem_of(world.get("/v1/timers?name=t")) == "invalid-argument");
  CHECK(world.ask("DELETE", "/v1/timers").status == 405);
}

TEST_CASE("timers show in the metrics") {
  timed_world world;
  world.set("a", "t", "2999-01-01T00:00:00Z");
  auto const text = world.get("/metrics").body;
  CHECK(text.find("\nevoke_timers_pending 1\n") != std::string::npos);
  CHECK(text.find("\nevoke_timers_fired_total 0\n") != std::string::npos);
  CHECK(text.find("\nevoke_timer_lag_seconds 0\n") != std::string::npos);
}
