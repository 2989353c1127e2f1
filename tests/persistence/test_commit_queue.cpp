#include "persistence/commit_queue.hpp"

#include <catch2/catch.hpp>
#include <string>
#include <vector>

using namespace evoke;
using namespace evoke::persistence;

namespace {

/// Writes down its end.
class noted final : public commit_entry {
 public:
  noted(std::string name, std::vector<std::string>& ends, std::size_t events = 1, std::size_t bytes = 10)
      : name_(std::move(name)), ends_(ends) {
    for (std::size_t i = 0; i < events; ++i) change.events.push_back({1, 1, std::string(bytes, 'x'), {}, {}});
  }
  void finish(failure const* why) noexcept override { ends_.push_back(name_ + (why != nullptr ? "!" : "")); }

 private:
  std::string name_;
  std::vector<std::string>& ends_;
};

struct world {
  commit_queue queue;
  std::vector<std::string> ends;

  explicit world(group_limits limits = {}) : queue(limits) {}
  commit_entry_ptr entry(std::string name, std::size_t events = 1, std::size_t bytes = 10) {
    return commit_entry_ptr(new noted(std::move(name), ends, events, bytes));
  }
  ticket put(std::string name, ticket on = 0, std::size_t events = 1, std::size_t bytes = 10) {
    auto const end = queue.enqueue(entry(std::move(name), events, bytes), on);
    REQUIRE(end.end == commit_queue::enqueued::queued);
    return end.ticket;
  }
  void end_group(result<void> const& with = {}) {
    auto group = queue.finish_group(with);
    for (auto& each : group.entries) each->finish(group.why ? &*group.why : nullptr);
  }
  std::vector<std::string> taken() { return std::exchange(ends, {}); }
};

using names = std::vector<std::string>;

}  // namespace

TEST_CASE("a group is what gathered, in order, and what comes while it is in flight forms the next") {
  world w;
  w.put("a");
  w.put("b");
  REQUIRE(w.queue.take_group());
  w.put("c");
  REQUIRE(w.queue.changes().size() == 2);
  w.end_group();
  REQUIRE(w.taken() == names{"a", "b"});
  REQUIRE(w.queue.durable() == 2);
  REQUIRE(w.queue.take_group());
  w.end_group();
  REQUIRE(w.taken() == names{"c"});
  REQUIRE_FALSE(w.queue.take_group());
}

TEST_CASE("only the first of a gathering group asks for the writer to be woken") {
  world w;
  REQUIRE(w.queue.enqueue(w.entry("a"), 0).first);
  REQUIRE_FALSE(w.queue.enqueue(w.entry("b"), 0).first);
  REQUIRE(w.queue.take_group());
  REQUIRE(w.queue.enqueue(w.entry("c"), 0).first);
}

TEST_CASE("a group ends at its limit of events") {
  world w({.max_events = 5});
  w.put("a", 0, 3);
  w.put("b", 0, 2);
  w.put("c", 0, 1);
  REQUIRE(w.queue.take_group());
  REQUIRE(w.queue.changes().size() == 2);
  w.end_group();
  REQUIRE(w.queue.take_group());
  REQUIRE(w.queue.changes().size() == 1);
}

TEST_CASE("a group ends at its limit of bytes, and one entry beyond it goes alone") {
  world w({.max_events = 100, .max_bytes = 1'000});
  w.put("a", 0, 1, 400);
  w.put("big", 0, 1, 5'000);
  w.put("c", 0, 1, 400);
  for (auto const& each : {"a", "big", "c"}) {
    REQUIRE(w.queue.take_group());
    w.end_group();
    REQUIRE(w.taken() == names{each});
  }
}

TEST_CASE("a waiter ends with the entry it is chained to, wherever that is") {
  world w;
  auto const a = w.put("a");
  auto const b = w.put("b");
  REQUIRE(w.queue.await(w.entry("on b", 0), b) == commit_queue::awaited::waiting);
  REQUIRE(w.queue.take_group());
  auto const c = w.put("c");
  REQUIRE(w.queue.await(w.entry("on a", 0), a) == commit_queue::awaited::waiting);
  REQUIRE(w.queue.await(w.entry("on c", 0), c) == commit_queue::awaited::waiting);
  w.end_group();
  REQUIRE(w.taken() == names{"a", "on a", "b", "on b"});
  REQUIRE(w.queue.await(w.entry("late", 0), a) == commit_queue::awaited::durable);
  REQUIRE(w.queue.take_group());
  w.end_group();
  REQUIRE(w.taken() == names{"c", "on c"});
}

TEST_CASE("a waiter on nothing is durable at once") {
  world w;
  REQUIRE(w.queue.await(w.entry("x", 0), 0) == commit_queue::awaited::durable);
}

TEST_CASE("a waiter learns the position of exactly the entry it is chained to") {
  world w;
  auto first = w.entry("a");
  auto second = w.entry("b", 3);
  auto const a = w.queue.enqueue(first, 0).ticket;
  auto const b = w.queue.enqueue(second, a).ticket;
  auto on_a = w.entry("on a", 0);
  auto on_b = w.entry("on b", 0);
  w.queue.await(on_a, a);
  w.queue.await(on_b, b);
  w.queue.take_group();
  first->change.first_position = position{10};
  second->change.first_position = position{11};
  w.end_group();
  REQUIRE(on_a->last_position() == position{10});
  REQUIRE(on_b->last_position() == position{13});
}

TEST_CASE("when a group is not stored everything queued behind it ends with it") {
  world w;
  auto const a = w.put("a");
  REQUIRE(w.queue.take_group());
  auto const b = w.put("b");
  w.queue.await(w.entry("on b", 0), b);
  w.end_group(fail(errc::storage_full, "full"));
  REQUIRE(w.taken() == names{"a!", "b!", "on b!"});
  REQUIRE(w.queue.was_lost(a));
  REQUIRE(w.queue.was_lost(b));
  REQUIRE(w.queue.losses() == 1);
  REQUIRE_FALSE(w.queue.take_group());
}

TEST_CASE("nothing is queued that stands on what was lost, and the rest goes on after a full disk") {
  world w;
  auto const a = w.put("a");
  w.queue.take_group();
  w.end_group(fail(errc::storage_full, "full"));
  REQUIRE(w.queue.enqueue(w.entry("b"), a).end == commit_queue::enqueued::lost);
  REQUIRE(w.queue.await(w.entry("x", 0), a) == commit_queue::awaited::lost);
  auto const c = w.put("c");
  w.queue.take_group();
  w.end_group();
  REQUIRE(w.queue.durable() == c);
  REQUIRE(w.queue.was_lost(a));
  REQUIRE_FALSE(w.queue.was_lost(c));
}

TEST_CASE("after a write whose end is unknown the queue takes nothing more") {
  world w;
  w.put("a");
  w.queue.take_group();
  w.end_group(fail(errc::outcome_unknown, "sync failed"));
  REQUIRE(w.queue.enqueue(w.entry("b"), 0).end == commit_queue::enqueued::closed);
  REQUIRE(w.queue.closed_reason()->code == errc::journal_failed);
}

TEST_CASE("closing ends what is queued and refuses what comes") {
  world w;
  auto const a = w.put("a");
  auto group = w.queue.close({errc::draining, "stopping", {}, {}, {}});
  REQUIRE(group.entries.size() == 1);
  REQUIRE(group.why->code == errc::draining);
  REQUIRE(w.queue.was_lost(a));
  REQUIRE(w.queue.enqueue(w.entry("b"), 0).end == commit_queue::enqueued::closed);
}
