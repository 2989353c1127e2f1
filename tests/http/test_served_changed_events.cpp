#include "tests/http/feed_client.hpp"
#include "tests/http/served_world.hpp"
#include "tests/runtime/runtimes.hpp"
#include "tests/runtime/two_programs.hpp"

using namespace evoke;
using namespace evoke::http;
using namespace evoke::http::tests;
using tree = nlohmann::json;

namespace {

/// What yesterday's program left: goods "a", titled, edited in both, flagged, titled (positions 1 to 4), served by today's. When cursed,
/// one more that cannot be upcast.
class changed {
 public:
  explicit changed(bool cursed = false) {
    {
      auto const rt = evoke::tests::start(evoke::tests::on_disk(directory_), yesterday::types());
      auto const goods = rt->of<yesterday::goods>("a");
      REQUIRE(goods.execute(yesterday::set_title{"pen"}).get().accepted());
      REQUIRE(goods.execute(yesterday::edit{"cup", 6}).get().accepted());
      REQUIRE(goods.execute(yesterday::flag{}).get().accepted());
      REQUIRE(goods.execute(yesterday::set_title{"mug"}).get().accepted());
      if (cursed) REQUIRE(goods.execute(yesterday::curse{"frog"}).get().accepted());
    }
    today::curse_holds = cursed;
    world.emplace(any_port(), evoke::tests::on_disk(directory_), std::vector<route>{}, today::types());
  }
  ~changed() { today::curse_holds = false; }
  changed(changed const&) = delete;
  changed& operator=(changed const&) = delete;
  [[nodiscard]] tree get(std::string_view target) const {
    auto const got = world->get(target);
    REQUIRE(got.status == 200);
    return json_of(got);
  }

 private:
  evoke::tests::temporary_directory directory_;

 public:
  std::optional<served_world> world;
};

/// "2.1/2 named"
std::vector<std::string> told(tree const& events) {
  std::vector<std::string> all;
  for (auto const& each : events)
    all.push_back(
        std::to_string(each["position"].get<int>()) +
        (each.contains("part") ? "." + std::to_string(each["part"].get<int>()) + "/" + std::to_string(each["parts"].get<int>()) : "") +
        " " + each["event_type"].get<std::string>());
  return all;
}

using lines = std::vector<std::string>;
lines const today_all{"1 named", "2.1/2 named", "2.2/2 priced", "4 named"};
lines const stored_all{"1 titled", "2 edited", "3 flagged", "4 titled"};

}  // namespace

TEST_CASE("pages of the log and of a stream show events as they are today, with raw=true as they are stored") {
  changed const here;
  CHECK(told(here.get("/v1/events")["events"]) == today_all);
  CHECK(told(here.get("/v1/events?raw=true")["events"]) == stored_all);
  CHECK(told(here.get("/v1/streams/goods/a")["events"]) == today_all);
  CHECK(told(here.get("/v1/streams/goods/a?raw=true&direction=backward")["events"]) ==
        lines{"4 titled", "3 flagged", "2 edited", "1 titled"});
  auto const event = here.get("/v1/events")["events"][2];
  CHECK(event["data"] == tree{{"amount", 6}, {"currency", "KRW"}});
  CHECK(event["schema_version"] == 2);
  CHECK(event["version"] == 2);
  CHECK(problem_of(here.world->get("/v1/events?raw=perhaps")) == "invalid-argument");
  CHECK(problem_of(here.world->get("/v1/streams/goods/a?raw=perhaps")) == "invalid-argument");
}

TEST_CASE("filters by type mean the types of today; with raw=true the stored ones") {
  changed const here;
  CHECK(told(here.get("/v1/events?event_type=named")["events"]) == lines{"1 named", "2.1/2 named", "4 named"});
  CHECK(told(here.get("/v1/events?event_type=priced")["events"]) == lines{"2.2/2 priced"});
  CHECK(told(here.get("/v1/events?event_type=titled&raw=true")["events"]) == lines{"1 titled", "4 titled"});
  CHECK(told(here.get("/v1/events?event_type=titled")["events"]).empty());
}

TEST_CASE("pages lead through parts and dropped events to the end") {
  changed const here;
  lines seen;
  std::string after = "0";
  for (int pages = 0; pages < 10; ++pages) {
    auto const page = here.get("/v1/events?limit=1&after=" + after);
    for (auto const& each : told(page["events"])) seen.push_back(each);
    after = page["next_after"];
    if (page["at_end"] == true) break;
  }
  CHECK(seen == today_all);
}

TEST_CASE("one event is read part by part") {
  changed const here;
  auto const id = here.get("/v1/events?raw=true")["events"][1]["event_id"].get<std::string>();
  auto const dropped = here.get("/v1/events?raw=true")["events"][2]["event_id"].get<std::string>();
  CHECK(told(tree{here.get("/v1/events/" + id)}) == lines{"2.1/2 named"});
  CHECK(told(tree{here.get("/v1/events/" + id + "?part=2")}) == lines{"2.2/2 priced"});
  CHECK(told(tree{here.get("/v1/events/" + id + "?raw=true")}) == lines{"2 edited"});
  CHECK(problem_of(here.world->get("/v1/events/" + id + "?part=3")) == "not-found");
  CHECK(problem_of(here.world->get("/v1/events/" + id + "?part=99999999999")) == "not-found");
  CHECK(problem_of(here.world->get("/v1/events/" + id + "?part=x")) == "invalid-argument");
  CHECK(problem_of(here.world->get("/v1/events/" + dropped)) == "not-found");
  // What is stored stays; what it is today depends on the program.
  CHECK(here.world->get("/v1/events/" + id + "?raw=true").header("cache-control") == "private, max-age=31536000, immutable");
  CHECK(here.world->get("/v1/events/" + id).header("cache-control") == "private, no-cache");
}

TEST_CASE("a live feed gives the id with the last part, so that a broken connection loses none") {
  changed const here;
  feed_client feed(here.world->http->port(), "/v1/events");
  lines seen;
  while (seen.size() < 4) {
    auto const block = feed.next();
    REQUIRE(block);
    seen.push_back(block->event + " " + block->id.value_or("none"));
  }
  CHECK(seen == lines{"named 1", "named none", "priced 2", "named 4"});
  feed_client only_names(here.world->http->port(), "/v1/events?event_type=named");
  seen.clear();
  while (seen.size() < 3) seen.push_back(only_names.next()->id.value_or("none"));
  CHECK(seen == lines{"1", "2", "4"});
  feed_client raw(here.world->http->port(), "/v1/streams/goods/a?raw=true");
  seen.clear();
  while (seen.size() < 4) seen.push_back(raw.next()->event);
  CHECK(seen == lines{"titled", "edited", "flagged", "titled"});
  feed_client later(here.world->http->port(), "/v1/streams/goods/a?from_version=4");
  CHECK(later.next()->id == "4");
}

TEST_CASE("lines and CloudEvents have the parts too, each with an id of its own") {
  changed const here;
  auto const got = here.world->get("/v1/events", "Accept: application/x-ndjson\r\n");
  CHECK(std::ranges::count(got.body, '\n') == 4);
  auto const cloud = json_of(here.world->get("/v1/events", "Accept: application/cloudevents-batch+json\r\n"));
  REQUIRE(cloud.size() == 4);
  auto const id = here.get("/v1/events?raw=true")["events"][1]["event_id"].get<std::string>();
  CHECK(cloud[1]["id"] == id + "/1");
  CHECK(cloud[2]["id"] == id + "/2");
  CHECK(cloud[2]["part"] == 2);
  CHECK(cloud[2]["parts"] == 2);
  CHECK_FALSE(cloud[0].contains("part"));
}

TEST_CASE("consumers take parts together and ack them by one id; raw is a setting") {
  changed const here;
  auto const json_body = "Content-Type: application/json\r\n";
  auto const& world = *here.world;
  REQUIRE(world.ask("PUT", "/v1/subscriptions/s", json_body, R"({"after":"1"})").status == 201);
  auto const batch = json_of(world.ask("POST", "/v1/subscriptions/s:fetch?limit=1", "Prefer: wait=10\r\n"));
  tree events = tree::array();
  for (auto const& each : batch["deliveries"]) events.push_back(each["event"]);
  CHECK(told(events) == lines{"2.1/2 named", "2.2/2 priced"});
  tree const body{{"lease", batch["lease"]}, {"events", {events[0]["event_id"]}}};
  CHECK(json_of(world.ask("POST", "/v1/subscriptions/s:ack", json_body, body.dump()))["settled"] == 1);
  CHECK(json_of(world.get("/v1/subscriptions/s"))["raw"] == false);
  REQUIRE(world.ask("PUT", "/v1/subscriptions/r", json_body, R"({"raw":true})").status == 201);
  CHECK(json_of(world.get("/v1/subscriptions/r"))["raw"] == true);
  auto const raw = json_of(world.ask("POST", "/v1/subscriptions/r:fetch?limit=10", "Prefer: wait=10\r\n"));
  CHECK(raw["deliveries"][0]["event"]["event_type"] == "titled");
  CHECK(world.ask("PUT", "/v1/subscriptions/r", json_body, R"({"raw":false})").status == 400);
}

TEST_CASE("pages and feeds end in front of an event whose upcaster throws, then say so; raw=true reads on") {
  changed const here(true);
  auto const page = here.get("/v1/events");
  CHECK(told(page["events"]) == today_all);
  CHECK(page["at_end"] == false);
  auto const next = here.world->get("/v1/events?after=" + page["next_after"].get<std::string>());
  CHECK(next.status == 500);
  CHECK(problem_of(next) == "user-code-failed");
  CHECK(told(here.get("/v1/events?raw=true&after=4")["events"]) == lines{"5 cursed"});
  CHECK(problem_of(here.world->get("/v1/aggregates/goods/a")) == "user-code-failed");
  feed_client feed(here.world->http->port(), "/v1/events");
  for (int i = 0; i < 4; ++i) REQUIRE(feed.next());
  CHECK(feed.last_id == "4");
  CHECK_THROWS(feed.next());  // cut off, so that nobody takes it for the end
}

TEST_CASE("the description of the interface names raw, part and parts") {
  changed const here;
  auto const document = here.get("/openapi.json");
  CHECK(document["components"]["schemas"]["event"]["properties"].contains("parts"));
  CHECK(document.dump().find("\"raw\"") != std::string::npos);
}
