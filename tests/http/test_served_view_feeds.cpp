#include "tests/http/view_world.hpp"

#include <thread>

using namespace evoke;
using namespace evoke::http;
using namespace evoke::http::tests;
using namespace std::chrono_literals;
using tree = nlohmann::json;

namespace {

constexpr std::string_view live = "Accept: text/event-stream\r\n";

server_options beating(std::chrono::milliseconds every) {
  auto options = any_port();
  options.feed_heartbeat = every;
  return options;
}

/// Reads blocks until one carries an id: the end of a batch.
void take_id(feed_client& feed) {
  for (auto block = feed.next_block(); block; block = feed.next_block())
    if (block->id) {
      feed.last_id = *block->id;
      return;
    }
  throw std::runtime_error("the feed ended");
}

}  // namespace

TEST_CASE("a feed of a view opens with an id, so that nothing is missed from then on") {
  view_world const world;
  world.open("a", "ann");
  auto feed = world.follow("/v1/views/holdings");
  CHECK(feed.head().status == 200);
  CHECK(feed.head().header("content-type") == "text/event-stream");
  CHECK(feed.head().header("cache-control") == "no-cache");
  CHECK(feed.next_block()->retry == "2000");
  take_id(feed);
  CHECK_FALSE(feed.last_id.empty());
  world.book("a", 5);
  auto resumed = world.follow("/v1/views/holdings", "Last-Event-ID: " + feed.last_id + "\r\n");
  auto const told = resumed.next();
  REQUIRE(told);
  CHECK(told->event == "document");
}

TEST_CASE("a feed of a view tells documents as they change, and that they are gone") {
  view_world const world;
  auto feed = world.follow("/v1/views/holdings");
  take_id(feed);
  world.open("a", "ann");
  auto const opened = feed.next();
  REQUIRE(opened);
  CHECK(opened->event == "document");
  CHECK(tree::parse(opened->data) == tree::parse(R"({"key":"a","changed":1,"document":{"owner":"ann","sum":0,"limit":100}})"));
  take_id(feed);
  world.book("a", 5);
  CHECK(tree::parse(feed.next()->data)["document"]["sum"] == 5);
  take_id(feed);
  world.book("a", -5);
  auto const gone = feed.next();
  CHECK(gone->event == "deleted");
  CHECK(tree::parse(gone->data) == tree::parse(R"({"key":"a","changed":3})"));
}

TEST_CASE("a feed of a view goes on where its client was") {
  view_world const world;
  auto feed = world.follow("/v1/views/holdings");
  take_id(feed);
  auto const token = world.hold_amount("a", "ann", 5);
  CHECK(world.get("/v1/views/holdings/a", token).status == 200);
  auto resumed = world.follow("/v1/views/holdings", "Last-Event-ID: " + feed.last_id + "\r\n");
  // Once, as it is now, however often it changed.
  auto const told = resumed.next();
  CHECK(tree::parse(told->data)["document"]["sum"] == 5);
  take_id(resumed);
  auto by_query = world.follow("/v1/views/holdings?after=" + resumed.last_id);
  world.open("b", "bob");
  CHECK(tree::parse(by_query.next()->data)["key"] == "b");
}

TEST_CASE("a feed of one document has its changes only") {
  view_world const world(beating(50ms));
  auto feed = world.follow("/v1/views/holdings/b");
  take_id(feed);
  auto const first = feed.last_id;
  world.hold_amount("a", "ann", 5);
  // Others' changes are no news, but the feed comes further.
  while (feed.last_id == first) take_id(feed);
  world.open("b", "bob");
  CHECK(tree::parse(feed.next()->data)["key"] == "b");
}

TEST_CASE("a feed of a view that waits says that it lives") {
  view_world const world(beating(20ms));
  auto feed = world.follow("/v1/views/holdings");
  take_id(feed);
  for (int i = 0; i < 3; ++i) CHECK(feed.next_block()->comment);
}

TEST_CASE("a client that was away for too long is told to read the view anew") {
  view_world const world;
  auto const token = world.hold_amount("a", "ann", 5);
  CHECK(world.get("/v1/views/holdings/a", token).status == 200);
  auto feed = world.follow("/v1/views/holdings");
  take_id(feed);
  auto const generation = json_of(world.get("/v1/projections/holdings"))["generation"].get<int>();
  world.ask("POST", "/v1/projections/holdings:rebuild");
  world.ask_until("/v1/projections/holdings", [&](tree const& status) { return status["generation"] > generation; });
  // Both: who is there when the generation changes, and who comes back behind it.
  auto resumed = world.follow("/v1/views/holdings", "Last-Event-ID: " + feed.last_id + "\r\n");
  for (auto* each : {&feed, &resumed}) {
    auto const told = each->next();
    REQUIRE(told);
    CHECK(told->event == "reset");
    CHECK(tree::parse(told->data)["checkpoint"] == 2);
    take_id(*each);
    auto on = world.follow("/v1/views/holdings", "Last-Event-ID: " + each->last_id + "\r\n");
    take_id(on);
  }
}

TEST_CASE("ids that are none of this view's are refused") {
  view_world const world;
  auto other = world.follow("/v1/views/owners");
  take_id(other);
  for (std::string const& id : {std::string("x"), std::string("1"), std::string("!"), other.last_id}) {
    INFO(id);
    CHECK(problem_of(world.get("/v1/views/holdings", std::string(live) + "Last-Event-ID: " + id + "\r\n")) == "invalid-argument");
  }
  CHECK(world.get("/v1/views/holdings", std::string(live) + "Last-Event-ID:\r\n").status == 400);
  CHECK(problem_of(world.get("/v1/views/none", live)) == "unknown-projection");
  CHECK(problem_of(world.get("/v1/views/none/a", live)) == "unknown-projection");
  CHECK(world.get("/v1/views/holdings?owner=ann", live).status == 400);
  CHECK(world.get("/v1/views/holdings/a?limit=1", live).status == 400);
}

TEST_CASE("feeds of views are limited in number, and one that ends makes room") {
  auto with = impatient_runtime();
  with.limits.max_subscriptions = 2;
  view_world const world(any_port(), with);
  auto const first = world.follow("/v1/views/holdings");
  {
    auto const second = world.follow("/v1/views/holdings/a");
    auto const got = world.get("/v1/views/holdings", live);
    CHECK(problem_of(got) == "overloaded");
    CHECK_FALSE(got.header("retry-after").empty());
  }
  auto const deadline = std::chrono::steady_clock::now() + 10s;
  for (int status = 503; status != 200; status = world.follow("/v1/views/holdings").head().status)
    REQUIRE(std::chrono::steady_clock::now() < deadline);
}

TEST_CASE("stopping ends open feeds of views in order and at once") {
  view_world world;
  auto feed = world.follow("/v1/views/holdings");
  take_id(feed);
  auto const begun = std::chrono::steady_clock::now();
  std::jthread stopping([&] { world.http->stop(60s); });
  std::string retry;
  for (auto block = feed.next_block(); block; block = feed.next_block()) retry = block->retry;
  CHECK(retry == "5000");
  CHECK(feed.connection().closed_by_server());
  stopping.join();
  CHECK(std::chrono::steady_clock::now() - begun < 10s);
}
