#include "tests/http/feed_client.hpp"
#include "tests/http/served_world.hpp"

#include <thread>

using namespace evoke;
using namespace evoke::http;
using namespace evoke::http::tests;
using namespace std::chrono_literals;
using tree = nlohmann::json;

namespace {

constexpr std::string_view live = "Accept: text/event-stream\r\n";

/// Ledgers `l` (positions 1 to 4) and `m` (position 5, with a correlation id), and a door `d` (position 6).
struct feeds : served_world {
  explicit feeds(server_options options = any_port(), runtime_options with = small_runtime())
      : served_world(std::move(options), std::move(with)) {
    command("ledger/l/open_ledger", R"({"owner":"ann"})");
    for (int i = 1; i <= 3; ++i) book("l", i);
    command("ledger/m/open_ledger", R"({"owner":"bob"})", "Correlation-Id: flow-m\r\n");
    command("door/d/build", R"({"color":"red"})", "If-None-Match: *\r\n");
  }
  void book(std::string const& id, int amount) const {
    auto const got = command("ledger/" + id + "/book", R"({"amount":)" + std::to_string(amount) + R"(,"times":1})");
    if (got.status != 200) throw std::runtime_error("a booking failed: " + got.body);
  }
  [[nodiscard]] feed_client follow(std::string_view target, std::string_view headers = {}) const {
    return feed_client(http->port(), target, headers);
  }
  [[nodiscard]] answer refused(std::string_view target, std::string_view headers = {}) const {
    return get(target, std::string(live).append(headers));
  }
};

server_options beating(std::chrono::milliseconds every) {
  auto options = any_port();
  options.feed_heartbeat = every;
  return options;
}

std::vector<std::string> take_ids(feed_client& from, std::size_t count) {
  std::vector<std::string> ids;
  while (ids.size() < count) {
    auto const block = from.next();
    if (!block) break;
    ids.push_back(block->id.value_or("none"));
  }
  return ids;
}

}  // namespace

TEST_CASE("a feed opens with a comment and how long to wait before connecting again") {
  feeds const world;
  auto feed = world.follow("/v1/events?after=6");
  CHECK(feed.head().status == 200);
  CHECK(feed.head().header("content-type") == "text/event-stream");
  CHECK(feed.head().header("cache-control") == "no-cache");
  CHECK(feed.head().header("vary") == "Accept");
  auto const first = feed.next_block();
  REQUIRE(first);
  CHECK(first->comment);
  CHECK(first->retry == "2000");
}

TEST_CASE("a feed of the log tells what is there and then what comes, in the one shape of an event") {
  feeds const world;
  auto feed = world.follow("/v1/events");
  auto const page = json_of(world.get("/v1/events"));
  for (auto const& event : page["events"]) {
    auto const told = feed.next();
    REQUIRE(told);
    CHECK(told->id == std::to_string(event["position"].get<int>()));
    CHECK(told->event == event["event_type"]);
    CHECK(tree::parse(told->data) == event);
  }
  world.book("l", 7);
  auto const told = feed.next();
  REQUIRE(told);
  CHECK(told->id == "7");
  CHECK(tree::parse(told->data)["data"]["amount"] == 7);
}

TEST_CASE("a feed goes on behind Last-Event-ID, whatever the query says") {
  feeds const world;
  auto feed = world.follow("/v1/events?after=1", "Last-Event-ID: 4\r\n");
  CHECK(take_ids(feed, 2) == std::vector<std::string>{"5", "6"});
  auto by_query = world.follow("/v1/events?after=5");
  CHECK(take_ids(by_query, 1) == std::vector<std::string>{"6"});
}

TEST_CASE("ids that this feed did not give are refused") {
  feeds const world;
  for (std::string const id : {"x", "-1", "1x", "0x1", "1 2", "7", "18446744073709551616"}) {
    INFO(id);
    auto const got = world.refused("/v1/events", "Last-Event-ID: " + id + "\r\n");
    CHECK(got.status == 400);
    CHECK(problem_of(got) == "invalid-argument");
    CHECK(world.refused("/v1/streams/ledger/l", "Last-Event-ID: " + id + "\r\n").status == 400);
  }
  CHECK(world.refused("/v1/events", "Last-Event-ID:\r\n").status == 400);
  CHECK(world.refused("/v1/events?after=x").status == 400);
  CHECK(world.refused("/v1/events?after=7").status == 400);
  CHECK(world.refused("/v1/streams/ledger/l?after=7").status == 400);
}

TEST_CASE("a feed is filtered") {
  feeds const world;
  auto const first = [&](std::string_view query) {
    auto feed = world.follow(std::string("/v1/events?").append(query));
    return take_ids(feed, 1).front();
  };
  CHECK(first("aggregate_type=door") == "6");
  CHECK(first("event_type=booked") == "2");
  CHECK(first("event_type=booked,built&after=4") == "6");
  CHECK(first("id_prefix=m") == "5");
  CHECK(first("correlation_id=flow-m") == "5");
}

TEST_CASE("a feed of names that nobody knows is refused") {
  feeds const world;
  for (std::string_view const query : {"aggregate_type=lodger", "event_type=boked", "event_type=booked,boked"}) {
    INFO(query);
    auto const got = world.refused(std::string("/v1/events?").append(query));
    CHECK(got.status == 404);
    CHECK(problem_of(got) == "unknown-type");
  }
  CHECK(problem_of(world.refused("/v1/streams/lodger/l")) == "unknown-type");
  CHECK(world.refused("/v1/events?event_type=%20-").status == 400);
}

TEST_CASE("a feed has no pages") {
  feeds const world;
  for (std::string_view const target :
       {"/v1/events?limit=1", "/v1/streams/ledger/l?limit=1", "/v1/streams/ledger/l?direction=backward", "/v1/events?colour=red",
        "/v1/streams/ledger/l?since=2026-01-01T00:00:00Z", "/v1/streams/ledger/l?from_version=x", "/v1/events?since=yesterday"}) {
    INFO(target);
    CHECK(world.refused(target).status == 400);
  }
}

TEST_CASE("a feed of a stream has its events only") {
  feeds const world;
  auto feed = world.follow("/v1/streams/ledger/l");
  CHECK(take_ids(feed, 4) == std::vector<std::string>{"1", "2", "3", "4"});
  world.book("l", 9);
  CHECK(take_ids(feed, 1) == std::vector<std::string>{"7"});
  auto resumed = world.follow("/v1/streams/ledger/l", "Last-Event-ID: 3\r\n");
  CHECK(take_ids(resumed, 2) == std::vector<std::string>{"4", "7"});
}

TEST_CASE("a feed may wait for an aggregate that does not exist yet") {
  feeds const world;
  auto feed = world.follow("/v1/streams/ledger/later");
  CHECK(feed.next_block()->comment);
  world.command("ledger/later/open_ledger", R"({"owner":"eve"})");
  CHECK(feed.next()->event == "ledger_opened");
}

TEST_CASE("a feed of a stream begins at a version, whether it is there yet or not") {
  feeds const world;
  auto feed = world.follow("/v1/streams/ledger/l?from_version=3");
  CHECK(tree::parse(feed.next()->data)["version"] == 3);
  auto later = world.follow("/v1/streams/ledger/l?from_version=6");
  world.book("l", 1);
  world.book("l", 2);
  CHECK(tree::parse(later.next()->data)["version"] == 6);
  auto resumed = world.follow("/v1/streams/ledger/l?from_version=2", "Last-Event-ID: 3\r\n");
  CHECK(tree::parse(resumed.next()->data)["version"] == 4);
}

TEST_CASE("a feed begins at a time") {
  feeds const world;
  auto const third = json_of(world.get("/v1/events?after=2&limit=1"))["events"][0];
  auto feed = world.follow("/v1/events?since=" + third["time"].get<std::string>());
  CHECK(tree::parse(feed.next()->data)["time"] == third["time"]);
  auto from_now = world.follow("/v1/events?event_type=built&since=2000-01-01T00:00:00Z");
  CHECK(take_ids(from_now, 1) == std::vector<std::string>{"6"});
  auto resumed = world.follow("/v1/events?since=2000-01-01T00:00:00Z", "Last-Event-ID: 5\r\n");
  CHECK(take_ids(resumed, 1) == std::vector<std::string>{"6"});
}

TEST_CASE("a feed that waits says that it lives") {
  feeds const world(beating(20ms));
  auto feed = world.follow("/v1/streams/ledger/none");
  CHECK(feed.next_block()->retry == "2000");
  auto const moved = feed.next_block();  // nothing of that stream up to here
  CHECK(moved->id == "6");
  for (int i = 0; i < 3; ++i) {
    auto const beat = feed.next_block();
    REQUIRE(beat);
    CHECK(beat->comment);
    CHECK_FALSE(beat->id);
    CHECK(beat->data.empty());
  }
}

TEST_CASE("a filter that matches nothing for long still comes further") {
  feeds const world(beating(20ms));
  auto feed = world.follow("/v1/events?aggregate_type=door&after=6");
  for (int i = 1; i <= 5; ++i) world.book("l", i);
  auto const head = std::to_string(world.rt->info().head.value());
  std::string told;
  while (told != head) {
    auto const block = feed.next_block();
    REQUIRE(block);
    CHECK(block->data.empty());
    told = block->id.value_or(told);
  }
  auto resumed = world.follow("/v1/events?aggregate_type=door", "Last-Event-ID: " + told + "\r\n");
  world.command("door/e/build", R"({"color":"blue"})", "If-None-Match: *\r\n");
  CHECK(tree::parse(resumed.next()->data)["aggregate_id"] == "e");
}

TEST_CASE("a client that comes and goes sees every event once") {
  feeds const world;
  constexpr int bookings = 300;
  std::jthread writer([&] {
    for (int i = 1; i <= bookings; ++i) world.book(i % 2 == 0 ? "l" : "m", i);
  });
  std::uint64_t seen = 0;
  std::string last = "0";
  while (seen < 6 + bookings) {
    auto feed = world.follow("/v1/events", "Last-Event-ID: " + last + "\r\n");
    for (int i = 0; i < 17 && seen < 6 + bookings; ++i) {
      auto const block = feed.next();
      REQUIRE(block);
      REQUIRE(block->id == std::to_string(++seen));
    }
    last = feed.last_id;
  }
}

TEST_CASE("HEAD of a feed has its head only, and its errors") {
  feeds const world;
  auto client = world.connect();
  auto const got = client.ask("HEAD", "/v1/events", live);
  CHECK(got.status == 200);
  CHECK(got.header("content-type") == "text/event-stream");
  CHECK(client.ask("HEAD", "/v1/events?after=9999", live).status == 400);
}

TEST_CASE("HTTP/1.0 follows until the connection ends") {
  feeds world(beating(20ms));
  auto client = world.connect();
  client.send("GET /v1/events HTTP/1.0\r\nAccept: text/event-stream\r\n\r\n");
  auto const head = client.read_head();
  CHECK(head.header("transfer-encoding").empty());
  CHECK(head.header("connection") == "close");
  CHECK(client.read_until("id: 6\n").find("id: 1\n") != std::string::npos);
  world.http->stop(10s);
  CHECK(client.read_to_end().ends_with("retry: 5000\n\n"));
}

TEST_CASE("who does not ask for a feed gets a page") {
  feeds const world;
  CHECK(world.get("/v1/events").header("content-type") == "application/json");
  CHECK(world.get("/v1/events", "Accept: */*\r\n").header("content-type") == "application/json");
  CHECK(world.get("/v1/events", "Accept: text/event-stream;q=0.5, application/json\r\n").header("content-type") == "application/json");
}

TEST_CASE("feeds beyond the limit are refused, and one that ends makes room") {
  auto with = small_runtime();
  with.limits.max_subscriptions = 2;
  feeds const world(any_port(), with);
  auto first = world.follow("/v1/events");
  {
    auto const second = world.follow("/v1/streams/ledger/l");
    auto const got = world.refused("/v1/events");
    CHECK(got.status == 503);
    CHECK(problem_of(got) == "overloaded");
    CHECK_FALSE(got.header("retry-after").empty());
  }
  // The second one's client is gone: soon the server knows.
  auto const deadline = std::chrono::steady_clock::now() + 10s;
  for (int status = 503; status != 200; status = world.follow("/v1/events").head().status)
    REQUIRE(std::chrono::steady_clock::now() < deadline);
  CHECK(take_ids(first, 1) == std::vector<std::string>{"1"});
}

TEST_CASE("stopping ends open feeds in order and at once") {
  feeds world;
  auto waiting = world.follow("/v1/events?after=6");
  auto filtered = world.follow("/v1/events?aggregate_type=door");
  CHECK(take_ids(filtered, 1) == std::vector<std::string>{"6"});
  auto const begun = std::chrono::steady_clock::now();
  std::jthread stopping([&] { world.http->stop(60s); });
  for (auto* feed : {&waiting, &filtered}) {
    std::string retry;
    for (auto block = feed->next_block(); block; block = feed->next_block()) retry = block->retry;
    CHECK(retry == "5000");
    CHECK(feed->connection().closed_by_server());
  }
  stopping.join();
  CHECK(std::chrono::steady_clock::now() - begun < 10s);
}

TEST_CASE("a heartbeat that never comes is refused at start") {
  auto running = runtime::start(ledgers::types(), small_runtime());
  REQUIRE(running);
  CHECK(server::start(**running, beating(0ms)).error().code == errc::invalid_argument);
}
