#include "contract.hpp"

#include <algorithm>
#include <map>
#include <random>

namespace {

timer_change set(std::string name, timestamp due, std::string body = "{}") {
  return {timer_change::action::set, std::move(name), due, "wake", std::move(body)};
}
timer_change cancel(std::string name) {
  return {timer_change::action::cancel, std::move(name), {}, {}, {}};
}

timer_place beginning() {
  return {timestamp::min(), 0, {}, {}};
}

/// The timers in the order of their due times, as "id/name" each.
std::vector<std::string> by_due(journal const& store, timer_place const& after = beginning(), timestamp until = timestamp::max()) {
  std::vector<std::string> out;
  need(store.scan_timers(
      after, until,
      [&](stored_timer const& each) {
        out.push_back(each.at.id + "/" + each.at.name);
        return true;
      },
      [](std::string_view what) { FAIL(what); }));
  return out;
}

using names = std::vector<std::string>;

}  // namespace

BOTH_JOURNALS("Timers are set, moved and cancelled with their group") {
  TestType world;
  teller tell(world.store);
  timer_change const due{timer_change::action::set, "due", tell.time() + 1h, "expire", R"({"why":"late"})"};
  timer_change const remind{timer_change::action::set, "remind", tell.time() + 2h, "nudge", "{}"};
  tell.next("cart", "a").timers = {remind, due};
  tell.next("cart", "b").timers = {due};
  need(tell.commit());
  CHECK(need(world->timers_of(tell.stream("cart", "a"))) == std::vector<timer_change>{due, remind});

  auto moved = due;
  moved.due += 1h;
  tell.next("cart", "a").timers = {moved, {timer_change::action::cancel, "remind", {}, {}, {}}};
  need(tell.commit());
  world.reopen();
  CHECK(need(world->timers_of(tell.stream("cart", "a"))) == std::vector<timer_change>{moved});
  CHECK(need(world->timers_of(tell.stream("cart", "b"))) == std::vector<timer_change>{due});
  CHECK(read_log(*world) == tell.lines());
}

BOTH_JOURNALS("A stored timer names the event that set it, and that event's correlation") {
  TestType world;
  teller tell(world.store);
  tell.tell("cart", "other", 3);
  auto& given = tell.next("cart", "a", 2);
  given.meta.correlation_id = "flow";
  given.timers = {set("t", tell.time() + 1h, R"({"n":1})")};
  auto& made = tell.next("cart", "b");
  made.meta.correlation_id.clear();
  made.timers = {set("t", tell.time() + 1h)};
  auto const command = made.command_id.str();
  need(tell.commit());
  world.reopen();
  auto const a = need(world->find_timer(tell.stream("cart", "a"), "t"));
  REQUIRE(a);
  CHECK(a->at == timer_place{tell.time() + 1h, tell.stream("cart", "a").type, "a", "t"});
  CHECK(a->command == "wake");
  CHECK(a->body == R"({"n":1})");
  CHECK(a->set_by == tell.events()[3].event_number);
  CHECK(a->correlation_id == "flow");
  auto const b = need(world->find_timer(tell.stream("cart", "b"), "t"));
  REQUIRE(b);
  CHECK(b->set_by == tell.events()[5].event_number);
  CHECK(b->correlation_id == command);
  CHECK_FALSE(need(world->find_timer(tell.stream("cart", "a"), "u")));
  CHECK_FALSE(need(world->find_timer(tell.stream("cart", "c"), "t")));
}

BOTH_JOURNALS("Timers are found in the order of their due times, from a place on and up to a time") {
  TestType world;
  teller tell(world.store);
  auto const now = tell.time();
  tell.next("cart", "b").timers = {set("late", now + 3h), set("early", now - 1h)};
  tell.next("cart", "a").timers = {set("mid", now), set("old", timestamp(-5us))};
  tell.next("basket", "a").timers = {set("mid", now)};
  need(tell.commit());
  world.reopen();
  CHECK(by_due(*world) == names{"a/old", "b/early", "a/mid", "a/mid", "b/late"});
  CHECK(by_due(*world, beginning(), now) == names{"a/old", "b/early", "a/mid", "a/mid"});
  CHECK(by_due(*world, beginning(), now - 1us) == names{"a/old", "b/early"});
  auto const carts = tell.stream("cart", "a").type;
  CHECK(by_due(*world, {now, carts, "a", "mid"}) == names{"a/mid", "b/late"});  // the basket's type came later
  CHECK(by_due(*world, {now, carts, "a", "lid"}) == names{"a/mid", "a/mid", "b/late"});
  CHECK(by_due(*world, {now + 3h, carts, "b", "late"}).empty());
  int seen = 0;
  need(world->scan_timers(beginning(), timestamp::max(), [&](stored_timer const&) { return ++seen < 2; }, [](std::string_view) {}));
  CHECK(seen == 2);
}

BOTH_JOURNALS("Moving and cancelling leave nothing behind in the order of due times, within a group, too") {
  TestType world;
  teller tell(world.store);
  auto const now = tell.time();
  tell.next("cart", "a").timers = {set("x", now + 1h), set("x", now + 2h), set("y", now), cancel("y"), cancel("never")};
  tell.next("cart", "a").timers = {set("x", now + 3h), set("z", now + 1h)};
  need(tell.commit());
  CHECK(by_due(*world) == names{"a/z", "a/x"});
  CHECK(world->timers_pending() == 2);
  tell.next("cart", "a").timers = {set("x", now), set("z", now + 1h)};  // moved; set again for the same time
  need(tell.commit());
  CHECK(by_due(*world) == names{"a/x", "a/z"});
  world.reopen();
  auto const before = world->timers_pending();  // an estimate, from here on counted
  tell.next("cart", "a").timers = {cancel("x"), set("y", now + 5h), cancel("z")};
  need(tell.commit());
  CHECK(by_due(*world) == names{"a/y"});
  CHECK(world->timers_pending() + 1 == std::max<std::uint64_t>(before, 1));
}

BOTH_JOURNALS("A batch without an event deletes timers, too") {
  TestType world;
  teller tell(world.store);
  tell.next("cart", "a").timers = {set("x", tell.time()), set("y", tell.time())};
  need(tell.commit());
  append gone;
  gone.type = tell.stream("cart", "a").type;
  gone.id = aggregate_id::trusted("a");
  gone.timers = {cancel("x")};
  append* const group[] = {&gone};
  need(world->commit(group, tell.time()));
  world.reopen();
  CHECK(by_due(*world) == names{"a/y"});
  CHECK(need(world->timers_of(tell.stream("cart", "a"))).size() == 1);
  CHECK(read_log(*world) == tell.lines());
}

BOTH_JOURNALS("Whatever is set, moved and cancelled, both orders hold the same timers") {
  auto const seed = test_seed();
  INFO("EVOKE_SEED=" << seed);
  std::mt19937_64 random(seed);
  TestType world;
  teller tell(world.store);
  auto const now = tell.time();
  std::map<std::string, timestamp> model;
  for (int group = 0; group < 60; ++group) {
    for (auto appends = random() % 4; appends > 0; --appends) {
      auto const id = std::string(1, static_cast<char>('a' + random() % 5));
      auto& one = tell.next("cart", id);
      for (auto changes = random() % 5; changes > 0; --changes) {
        auto const name = std::string(1, static_cast<char>('p' + random() % 4));
        auto const due = now + std::chrono::minutes(random() % 100);
        bool const sets = random() % 3 > 0;
        one.timers.push_back(sets ? set(name, due) : cancel(name));
        if (sets)
          model[id + "/" + name] = due;
        else
          model.erase(id + "/" + name);
      }
    }
    need(tell.commit());
    if (random() % 20 == 0) world.reopen();
  }
  std::map<std::string, timestamp> found;
  timestamp before = timestamp::min();
  need(world->scan_timers(
      beginning(), timestamp::max(),
      [&](stored_timer const& each) {
        CHECK(before <= each.at.due);
        before = each.at.due;
        CHECK(found.emplace(each.at.id + "/" + each.at.name, each.at.due).second);
        return true;
      },
      [](std::string_view what) { FAIL_CHECK(what); }));
  CHECK(found == model);
  std::map<std::string, timestamp> by_stream;
  for (auto const* id : {"a", "b", "c", "d", "e"})
    for (auto const& each : need(world->timers_of(tell.stream("cart", id)))) by_stream.emplace(std::string(id) + "/" + each.name, each.due);
  CHECK(by_stream == model);
}
