#include "tests/http/feed_client.hpp"
#include "tests/http/served_world.hpp"

#include <deque>

/// Many feeds, and feeds that nobody reads.
using namespace evoke;
using namespace evoke::http;
using namespace evoke::http::tests;
using namespace std::chrono_literals;

namespace {

/// A raw event with so much in it that few fill a socket's buffers.
void append_large(served_world const& world, int number) {
  auto const body = R"([{"event_type":"blob","data":{"text":")" + std::string(200'000, 'x') + R"("}}])";
  auto const got = world.ask("POST", "/v1/streams/store/s-" + std::to_string(number), {}, body);
  if (got.status != 201) throw std::runtime_error("an append failed: " + got.body);
}

}  // namespace

TEST_CASE("a follower that never reads is cut off and costs commands nothing") {
  auto options = any_port();
  options.write_timeout = 200ms;
  auto with = small_runtime();
  with.limits.max_subscriptions = 1;
  served_world const world(options, with);
  for (int i = 0; i < 100; ++i) append_large(world, i);
  // It asks for 20 MB and reads none of them but the head.
  auto sleeper = world.connect();
  sleeper.send("GET /v1/events HTTP/1.1\r\nHost: t\r\nAccept: text/event-stream\r\n\r\n");
  REQUIRE(sleeper.read_head().status == 200);
  // Its place becomes free when it has been cut off; commands are carried out all the while.
  auto const deadline = std::chrono::steady_clock::now() + 30s;
  for (int number = 100;; ++number) {
    REQUIRE(std::chrono::steady_clock::now() < deadline);
    append_large(world, number);
    feed_client const other(world.http->port(), "/v1/events?after=1");
    if (other.head().status == 200) break;
    REQUIRE(other.head().status == 503);
  }
}

TEST_CASE("a thousand feeds at once each see every event once") {
  auto with = small_runtime();
  with.limits.max_subscriptions = 1'000;
  served_world world(any_port(), with);
  world.command("ledger/l/open_ledger", R"({"owner":"ann"})");
  auto const begun = std::chrono::steady_clock::now();
  std::deque<feed_client> all;
  for (int i = 0; i < 1'000; ++i) all.emplace_back(world.http->port(), i % 2 == 0 ? "/v1/events" : "/v1/streams/ledger/l");
  CHECK(world.get("/v1/events", "Accept: text/event-stream\r\n").status == 503);
  constexpr int bookings = 20;
  for (int i = 1; i <= bookings; ++i) world.command("ledger/l/book", R"({"amount":1,"times":1})");
  for (auto& feed : all)
    for (int position = 1; position <= 1 + bookings; ++position) {
      auto const block = feed.next();
      REQUIRE(block);
      REQUIRE(block->id == std::to_string(position));
    }
  world.http->stop(30s);
  for (auto& feed : all) {
    auto const last = feed.next_block();
    REQUIRE(last);
    CHECK(last->retry == "5000");
    CHECK_FALSE(feed.next_block());
  }
  // Seconds where it works, on a slow machine too; not a heartbeat each.
  CHECK(std::chrono::steady_clock::now() - begun < 60s);
}
