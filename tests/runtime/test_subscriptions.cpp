#include <future>

#include "tests/runtime/following.hpp"

using namespace evoke;
using namespace evoke::tests;
using namespace std::chrono_literals;

TEST_CASE("a subscription catches up from any position and goes on live") {
  temporary_directory const directory;
  auto const rt = start(on_disk(directory));
  open(*rt, "a");
  book(*rt, "a", 9);
  auto all = subscribe(*rt);
  auto late = subscribe(*rt, {.after = position{7}, .stream = {}, .filter = {}});
  CHECK(take(all, 10) == positions(1, 10));
  CHECK(take(late, 3) == positions(8, 10));
  auto waiting = all.next(patience);
  book(*rt, "a", 2);
  auto const batch = waiting.get();
  REQUIRE(batch);
  REQUIRE(batch->events.size() == 2);
  CHECK(batch->events[0].position == position{11});
  CHECK(batch->events[0].type.str() == "booked");
  CHECK(batch->events[0].stream_id.str() == "a");
  CHECK(batch->events[0].data == R"({"amount":1})");
  CHECK(batch->checkpoint == position{12});
  CHECK(take(late, 2) == positions(11, 12));
}

TEST_CASE("a live event is the one that is stored, field by field") {
  auto const rt = start(in_memory());
  auto live = subscribe(*rt);
  auto waiting = live.next(patience);
  command_request asked = request("a", "open_ledger", R"({"owner":"ann"})");
  asked.options.meta = {"flow-1", "cause-1", "ann", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "a=b", R"({"k":1})"};
  REQUIRE(rt->execute(asked).get().accepted());
  auto const got = waiting.get();
  REQUIRE(got);
  auto const page = rt->read_log({}).get();
  REQUIRE(page->events.size() == 1);
  auto const& stored = page->events[0];
  auto const& told = got->events.at(0);
  CHECK(told.id == stored.id);
  CHECK(told.type == stored.type);
  CHECK(told.version == stored.version);
  CHECK(told.time == stored.time);
  CHECK(told.data == stored.data);
  CHECK(told.meta == stored.meta);
}

TEST_CASE("a wait that ends without events says how far nothing came") {
  auto const rt = start(in_memory());
  open(*rt, "a");
  auto others = subscribe(*rt, {.after = {}, .stream = {}, .filter = {.types = {}, .event_types = {"booked"}}});
  auto const nothing = next(others, 20ms);
  CHECK(nothing.events.empty());
  CHECK(nothing.checkpoint == position{1});
  CHECK(nothing.head == position{1});
  auto at_once = subscribe(*rt, {.after = position{1}, .stream = {}, .filter = {}});
  CHECK(next(at_once, 0ms).events.empty());
}

TEST_CASE("filters choose by type, event type, id prefix and correlation") {
  auto const rt = start(in_memory());
  open(*rt, "a-1");
  open(*rt, "b-1");
  auto marked = request("b-1", "book", R"({"amount":5,"times":1})");
  marked.options.meta.correlation_id = "flow-9";
  REQUIRE(rt->execute(marked).get().accepted());
  book(*rt, "a-1");
  REQUIRE(rt->append({.type = "raw", .id = "r", .events = {{.type = "noted", .data = "{}"}}}).get().accepted());
  auto const seen = [&](log_filter filter, std::size_t count) {
    auto follower = subscribe(*rt, {.after = {}, .stream = {}, .filter = std::move(filter)});
    return take(follower, count);
  };
  CHECK(seen({.types = {"raw"}}, 1) == std::vector<std::uint64_t>{5});
  CHECK(seen({.types = {}, .event_types = {"booked"}}, 2) == std::vector<std::uint64_t>{3, 4});
  CHECK(seen({.types = {}, .event_types = {}, .id_prefix = "a-"}, 2) == std::vector<std::uint64_t>{1, 4});
  CHECK(seen({.types = {}, .event_types = {}, .id_prefix = {}, .correlation_id = "flow-9"}, 1) == std::vector<std::uint64_t>{3});
  CHECK(seen({.types = {"ledger"}, .event_types = {"booked"}, .id_prefix = "b"}, 1) == std::vector<std::uint64_t>{3});
  // Live, the same.
  auto live = subscribe(*rt, {.after = position{5}, .stream = {}, .filter = {.types = {}, .event_types = {}, .id_prefix = "b-"}});
  auto waiting = live.next(patience);
  book(*rt, "a-1");
  book(*rt, "b-1");
  auto const batch = waiting.get();
  REQUIRE(batch);
  REQUIRE(batch->events.size() == 1);
  CHECK(batch->events[0].position == position{7});
}

TEST_CASE("one stream is followed alone, from its first event or from the middle, also before it exists") {
  temporary_directory const directory;
  auto const rt = start(on_disk(directory));
  auto early = subscribe(*rt, {.after = {}, .stream = stream_name{"ledger", "mine"}, .filter = {}});
  open(*rt, "other");
  book(*rt, "other", 3);
  open(*rt, "mine");  // 5
  book(*rt, "mine");  // 6
  book(*rt, "other");
  book(*rt, "mine");  // 8
  CHECK(take(early, 3) == std::vector<std::uint64_t>{5, 6, 8});
  auto middle = subscribe(*rt, {.after = position{5}, .stream = stream_name{"ledger", "mine"}, .filter = {}});
  CHECK(take(middle, 2) == std::vector<std::uint64_t>{6, 8});
  auto foreign = subscribe(*rt, {.after = position{7}, .stream = stream_name{"ledger", "mine"}, .filter = {}});
  CHECK(take(foreign, 1) == std::vector<std::uint64_t>{8});
  // Live: others do not wake it, and the checkpoint passes them.
  auto waiting = middle.next(patience);
  book(*rt, "other", 5);
  book(*rt, "mine");
  auto const batch = waiting.get();
  REQUIRE(batch);
  REQUIRE(batch->events.size() == 1);
  CHECK(batch->events[0].position == position{14});
  CHECK(batch->events[0].version == version{4});
}

TEST_CASE("batches are bounded and go on where the one before ended") {
  temporary_directory const directory;
  auto const rt = start(on_disk(directory));
  open(*rt, "a");
  book(*rt, "a", 20);
  auto small = subscribe(*rt, {.after = {}, .stream = {}, .filter = {}, .max_events = 4});
  std::vector<std::uint64_t> seen;
  while (seen.size() < 21) {
    auto const batch = next(small);
    REQUIRE(batch.events.size() <= 4);
    REQUIRE(batch.checkpoint == batch.events.back().position);
    for (auto const& event : batch.events) seen.push_back(event.position.value());
  }
  CHECK(seen == positions(1, 21));
  // A group in memory is handed out in parts, too.
  auto waiting = small.next(patience);
  book(*rt, "a", 10);
  CHECK(waiting.get()->events.size() == 4);
  CHECK(take(small, 6) == positions(26, 31));
}

TEST_CASE("what a subscription cannot follow is refused with the reason") {
  auto options = in_memory();
  options.limits.max_subscriptions = 2;
  auto const rt = start(options);
  auto const refused = [&](subscription_request request) { return rt->subscribe(std::move(request)).error().code; };
  CHECK(refused({.after = position{1}, .stream = {}, .filter = {}}) == errc::invalid_argument);
  CHECK(refused({.after = {}, .stream = {}, .filter = {.types = {"legder"}}}) == errc::unknown_type);
  CHECK(refused({.after = {}, .stream = {}, .filter = {.types = {}, .event_types = {"bookd"}}}) == errc::unknown_type);
  CHECK(refused({.after = {}, .stream = stream_name{"legder", "a"}, .filter = {}}) == errc::unknown_type);
  CHECK(refused({.after = {}, .stream = stream_name{"ledger", " "}, .filter = {}}) == errc::invalid_argument);
  CHECK(refused({.after = {}, .stream = stream_name{"ledger", "a"}, .filter = {.types = {"ledger"}}}) == errc::invalid_argument);
  {
    auto one = subscribe(*rt);
    auto const two = subscribe(*rt);
    CHECK(refused({}) == errc::overloaded);
    one = subscription(std::move(one));
  }
  // Their places are free again as soon as the workers have let go of them.
  auto const until = std::chrono::steady_clock::now() + patience;
  while (!rt->subscribe({})) REQUIRE(std::chrono::steady_clock::now() < until);
}

TEST_CASE("a cancelled subscription answers so, and one question at a time is asked") {
  auto const rt = start(in_memory());
  auto follower = subscribe(*rt);
  auto waiting = follower.next(patience);
  CHECK(follower.next(patience).get().error().code == errc::invalid_argument);
  follower.cancel();
  CHECK(waiting.get().error().code == errc::cancelled);
  CHECK(follower.next(patience).get().error().code == errc::cancelled);
  std::future<result<subscription_batch>> dropped;
  {
    auto other = subscribe(*rt);
    dropped = other.next(patience);
  }
  CHECK(dropped.get().error().code == errc::cancelled);
}

TEST_CASE("stopping ends all who wait, and a handle may outlive the runtime") {
  auto rt = start(in_memory());
  auto follower = subscribe(*rt);
  auto idle = subscribe(*rt);
  auto waiting = follower.next(patience);
  rt->stop(5s);
  CHECK(waiting.get().error().code == errc::draining);
  CHECK(follower.next(patience).get().error().code == errc::draining);
  CHECK(rt->subscribe({}).error().code == errc::draining);
  rt.reset();
  CHECK(idle.next(patience).get().error().code == errc::draining);
}

TEST_CASE("a follower that never asks holds up no command and costs no memory") {
  auto options = in_memory();
  auto const rt = start(options);
  auto silent = subscribe(*rt);
  open(*rt, "a");
  // More than the feed keeps: what the silent one is behind lies in the journal.
  std::string const large(200'000, 'x');
  for (int i = 0; i < 100; ++i)
    REQUIRE(rt->append({.type = "raw", .id = "r", .events = {{.type = "noted", .data = "\"" + large + "\""}}}).get().accepted());
  CHECK(take(silent, 101) == positions(1, 101));
}
