#include "runtime/delivery_window.hpp"

#include <catch2/catch.hpp>
#include <cstdlib>
#include <deque>
#include <random>
#include <string>

using namespace evoke;
using namespace evoke::detail;
using namespace std::chrono_literals;

namespace {

timestamp const start{1'000'000'000us};

event_id id_of(std::uint64_t at) {
  uuid::bytes_type bytes{};
  for (unsigned i = 0; i < 8; ++i) bytes[15 - i] = static_cast<std::uint8_t>(at >> (8U * i));
  return event_id{bytes};
}

recorded_event event(std::uint64_t at, std::string aggregate) {
  recorded_event made;
  made.id = id_of(at);
  made.type = event_type::trusted("happened");
  made.stream_type = aggregate_type::trusted("thing");
  made.stream_id = aggregate_id::trusted(std::move(aggregate));
  made.position = position{at};
  made.time = start;
  return made;
}

std::vector<std::uint64_t> numbers(std::vector<delivery> const& all) {
  std::vector<std::uint64_t> made;
  for (auto const& each : all) made.push_back(each.event.position.value());
  return made;
}

using list = std::vector<std::uint64_t>;

/// Events 1, 2, ... of the aggregates named.
delivery_window window_of(std::vector<std::string> aggregates, persistent_subscription_settings settings = {}) {
  delivery_window made(std::move(settings), {}, {});
  std::vector<recorded_event> events;
  for (auto& each : aggregates) events.push_back(event(events.size() + 1, std::move(each)));
  auto const last = position{events.size()};
  made.offer(std::move(events), last, start);
  return made;
}

}  // namespace

TEST_CASE("an aggregate's events go to one consumer at a time, others to whoever asks") {
  auto window = window_of({"a", "b", "a", "c"});
  CHECK(numbers(window.fetch(1, 1, start)) == list{1});
  CHECK(numbers(window.fetch(2, 10, start)) == list{2, 4});  // 3 waits for 1
  CHECK(window.fetch(3, 10, start).empty());
  REQUIRE(window.ack(1, {}));
  CHECK(window.checkpoint() == position{1});
  CHECK(numbers(window.fetch(3, 10, start)) == list{3});
  CHECK(window.leased() == 3);
}

TEST_CASE("one batch may hold an aggregate's events in order") {
  auto window = window_of({"a", "a", "a"});
  CHECK(numbers(window.fetch(1, 2, start)) == list{1, 2});
  CHECK(window.fetch(2, 2, start).empty());
}

TEST_CASE("the checkpoint passes what is settled, and what does not match") {
  delivery_window window({}, {}, {});
  window.offer({}, position{50}, start);
  CHECK(window.checkpoint() == position{50});
  window.offer({event(60, "a"), event(70, "b")}, position{100}, start);
  CHECK(window.checkpoint() == position{59});
  CHECK(window.oldest() == start);
  static_cast<void>(window.fetch(1, 10, start));
  REQUIRE(window.ack(1, {id_of(70)}));
  CHECK(window.checkpoint() == position{59});
  CHECK(window.stored().settled == std::set{position{70}});
  REQUIRE(window.ack(1, {id_of(60)}));
  CHECK(window.checkpoint() == position{100});
  CHECK(window.stored().settled.empty());
  CHECK_FALSE(window.oldest());
}

TEST_CASE("a lease that runs out gives its events to others, in order, and counts the attempt") {
  persistent_subscription_settings settings;
  settings.lease = 10s;
  auto window = window_of({"a", "a"}, settings);
  static_cast<void>(window.fetch(1, 10, start));
  CHECK(window.next_moment(start) == start + 10s);
  window.expire(start + 9s);
  CHECK(window.fetch(2, 10, start + 9s).empty());
  window.expire(start + 10s);
  auto const again = window.fetch(2, 10, start + 10s);
  CHECK(numbers(again) == list{1, 2});
  CHECK(again[0].attempt == 2);
  CHECK(window.redelivered() == 2);
  CHECK_FALSE(window.ack(1, {}));  // too late
  auto const late = window.ack(1, {id_of(1)});
  CHECK_FALSE(late);
  CHECK(window.ack(2, {id_of(1), id_of(99)})->not_leased == std::vector{id_of(99)});
}

TEST_CASE("an event that was tried as often as allowed is parked") {
  persistent_subscription_settings settings;
  settings.max_attempts = 2;
  settings.lease = 10s;
  auto window = window_of({"a", "a"}, settings);
  static_cast<void>(window.fetch(1, 1, start));
  window.expire(start + 10s);
  static_cast<void>(window.fetch(2, 1, start + 10s));
  static_cast<void>(window.take_changes());
  window.expire(start + 20s);
  auto const changed = window.take_changes();
  REQUIRE(changed.parked.size() == 1);
  CHECK(changed.parked[0].at == position{1});
  CHECK(changed.parked[0].attempts == 2);
  CHECK(changed.parked[0].aggregate_id == "a");
  CHECK(window.parked() == 1);
  CHECK(window.checkpoint() == position{1});
  CHECK(numbers(window.fetch(3, 10, start + 20s)) == list{2});  // those behind it go on
}

TEST_CASE("a nack for retry rests, takes the later ones of its aggregate along, and not the others") {
  persistent_subscription_settings settings;
  settings.retry_delay = 5s;
  auto window = window_of({"a", "b", "a"}, settings);
  static_cast<void>(window.fetch(1, 10, start));
  REQUIRE(window.nack(1, {id_of(1)}, nack_action::retry, "not yet", start));
  CHECK_FALSE(window.ack(1, {id_of(3)}));  // went back with the first
  REQUIRE(window.ack(1, {id_of(2)}));
  CHECK(window.fetch(2, 10, start + 4s).empty());
  CHECK(window.next_moment(start + 4s) == start + 5s);
  auto const again = window.fetch(2, 10, start + 5s);
  CHECK(numbers(again) == list{1, 3});
  CHECK(again[0].attempt == 2);
  CHECK(again[1].attempt == 1);
}

TEST_CASE("park and skip settle, and parked events come back on request") {
  auto window = window_of({"a", "b", "a"});
  static_cast<void>(window.fetch(1, 10, start));
  REQUIRE(window.nack(1, {id_of(1)}, nack_action::park, "broken", start));
  REQUIRE(window.nack(1, {id_of(2)}, nack_action::skip, "", start));
  REQUIRE(window.ack(1, {}));
  CHECK(window.checkpoint() == position{3});
  CHECK(window.parked() == 1);
  auto const parked = window.take_changes().parked;
  REQUIRE(parked.size() == 1);
  CHECK(parked[0].reason == "broken");
  window.replay(event(1, "a"));
  window.replay(event(1, "a"));
  CHECK(window.replaying(position{1}));
  CHECK(numbers(window.fetch(2, 10, start)) == list{1});
  // Parked again, and replayed again: still one.
  REQUIRE(window.nack(2, {}, nack_action::park, "still broken", start));
  CHECK(window.parked() == 1);
  CHECK(window.take_changes().parked.at(0).reason == "still broken");
  window.replay(event(1, "a"));
  static_cast<void>(window.fetch(3, 10, start));
  REQUIRE(window.ack(3, {}));
  CHECK(window.parked() == 0);
  CHECK(window.take_changes().unparked == std::vector{position{1}});
  CHECK(window.checkpoint() == position{3});
}

TEST_CASE("hold_aggregate parks what comes behind a parked event, until that is settled") {
  persistent_subscription_settings settings;
  settings.hold_aggregate = true;
  auto window = window_of({"a", "b", "a"}, settings);
  static_cast<void>(window.fetch(1, 2, start));  // 1 and 2
  REQUIRE(window.nack(1, {id_of(1)}, nack_action::park, "broken", start));
  CHECK(window.parked() == 2);  // 3, too
  window.offer({event(4, "a"), event(5, "b")}, position{5}, start);
  CHECK(window.parked() == 3);
  REQUIRE(window.ack(1, {}));
  CHECK(numbers(window.fetch(2, 10, start)) == list{5});
  REQUIRE(window.ack(2, {}));
  for (std::uint64_t const at : {1, 3, 4}) window.replay(event(at, "a"));
  CHECK(numbers(window.fetch(3, 10, start)) == list{1, 3, 4});
  REQUIRE(window.ack(3, {}));
  CHECK(window.parked() == 0);
  window.offer({event(6, "a")}, position{6}, start);
  CHECK(numbers(window.fetch(4, 10, start)) == list{6});
}

TEST_CASE("a window is bounded, also behind an event that nobody settles") {
  persistent_subscription_settings settings;
  settings.max_unacknowledged = 2;
  delivery_window window(settings, {}, {});
  CHECK(window.wants_more());
  window.offer({event(1, "a"), event(2, "b")}, position{2}, start);
  CHECK_FALSE(window.wants_more());
  static_cast<void>(window.fetch(1, 10, start));
  REQUIRE(window.ack(1, {id_of(2)}));
  CHECK(window.wants_more());
}

TEST_CASE("a window made of what was stored goes on where the other ended") {
  auto window = window_of({"a", "b", "c", "d"});
  static_cast<void>(window.fetch(1, 10, start));
  REQUIRE(window.ack(1, {id_of(2)}));
  REQUIRE(window.nack(1, {id_of(4)}, nack_action::park, "broken", start));
  auto const kept = window.take_changes().parked;
  delivery_window next({}, window.stored(), kept);
  CHECK(next.checkpoint() == position{});
  next.offer({event(1, "a"), event(2, "b"), event(3, "c"), event(4, "d")}, position{4}, start);
  CHECK(next.parked() == 1);
  auto const left = next.fetch(2, 10, start);
  CHECK(numbers(left) == list{1, 3});
  CHECK(left[0].attempt == 2);
}

// Consumers that ack, nack, forget and come back at random, and restarts in between: every event is settled at least once, the first
// deliveries of an aggregate come in order, and no two consumers hold events of one aggregate at once.
TEST_CASE("whatever consumers do, order per aggregate and completeness hold") {
  auto const* given = std::getenv("EVOKE_SEED");
  auto const seed = given != nullptr ? std::stoull(given) : std::random_device{}();
  INFO("EVOKE_SEED=" << seed);
  std::mt19937_64 random(seed);
  auto const below = [&](std::uint64_t n) { return random() % n; };
  persistent_subscription_settings settings;
  settings.max_unacknowledged = 40;
  settings.lease = 10s;
  settings.retry_delay = 1s;
  settings.max_attempts = 1'000'000;
  constexpr std::uint64_t total = 3'000;
  std::vector<std::string> aggregate(total + 1);
  for (std::uint64_t at = 1; at <= total; ++at) aggregate[at] = std::string(1, static_cast<char>('a' + below(20)));

  auto window = std::make_unique<delivery_window>(settings, delivery_window::progress{}, std::vector<parked_event>{});
  std::map<delivery_window::lease_id, std::vector<std::uint64_t>> held;
  std::set<std::uint64_t> acked;
  std::map<std::string, std::uint64_t> last_acked;
  auto now = start;
  delivery_window::lease_id lease = 0;
  std::uint64_t offered = 0;
  for (std::uint64_t step = 0; acked.size() < total; ++step) {
    REQUIRE(step < 2'000'000);
    switch (below(12)) {
      case 0:
      case 1:
        if (window->wants_more() && offered < total) {
          std::vector<recorded_event> more;
          for (auto n = below(30) + 1; n > 0 && offered < total; --n) ++offered, more.push_back(event(offered, aggregate[offered]));
          window->offer(std::move(more), position{offered}, now);
        }
        break;
      case 2:
      case 3:
      case 4: {
        auto const taken = numbers(window->fetch(++lease, below(8) + 1, now));
        if (taken.empty()) break;
        for (auto const& [other, theirs] : held)
          for (auto const a : taken)
            for (auto const b : theirs) REQUIRE(aggregate[a] != aggregate[b]);
        held[lease] = taken;
        break;
      }
      case 5:
        if (below(20) == 0) {  // a crash: leases are forgotten, progress is not
          window = std::make_unique<delivery_window>(settings, window->stored(), std::vector<parked_event>{});
          offered = window->checkpoint().value();
          held.clear();
        }
        break;
      case 6:
        now += std::chrono::milliseconds(below(4'000));
        window->expire(now);
        // What a consumer still believes to hold is checked by ack below; here only who may be leased matters.
        for (auto it = held.begin(); it != held.end();) {
          std::erase_if(it->second, [&](std::uint64_t at) {
            auto const probe = window->ack(it->first, {id_of(at)});
            if (probe) {
              REQUIRE(at > last_acked[aggregate[at]]);
              last_acked[aggregate[at]] = at;
              acked.insert(at);
            }
            return true;
          });
          it = held.erase(it);
        }
        break;
      default: {
        if (held.empty()) break;
        auto const it = std::next(held.begin(), static_cast<std::ptrdiff_t>(below(held.size())));
        auto const at = it->second.front();
        if (below(4) == 0) {
          REQUIRE(window->nack(it->first, {id_of(at)}, nack_action::retry, "", now));
          std::erase_if(it->second, [&](std::uint64_t other) { return aggregate[other] == aggregate[at]; });
        } else {
          REQUIRE(window->ack(it->first, {id_of(at)}));
          // In order: nothing of an aggregate is settled before what came before it.
          REQUIRE(at > last_acked[aggregate[at]]);
          last_acked[aggregate[at]] = at;
          acked.insert(at);
          it->second.erase(it->second.begin());
        }
        if (it->second.empty()) held.erase(it);
      }
    }
  }
  // After a crash settled events are not delivered again, so the checkpoint ends at the end.
  window->offer({}, position{total}, now);
  CHECK(window->checkpoint() == position{total});
}

TEST_CASE("an event that shows nothing is settled without a consumer") {
  auto window = window_of({"a", "a"});
  REQUIRE(numbers(window.fetch(1, 1, start)) == list{1});
  window.pass(position{1});
  CHECK(window.checkpoint() == position{1});
  CHECK(window.take_changes().progressed);
  CHECK(numbers(window.fetch(2, 10, start)) == list{2});
}

TEST_CASE("an event that cannot be shown is parked, and those behind it in the lease go back without an attempt") {
  for (bool const hold : {false, true}) {
    CAPTURE(hold);
    auto window = window_of({"a", "b", "a"}, {.hold_aggregate = hold});
    REQUIRE(numbers(window.fetch(1, 10, start)) == list{1, 2, 3});
    window.give_up(position{1}, "no upcaster", start);
    CHECK(window.parked() == (hold ? 2U : 1U));
    auto const changes = window.take_changes();
    REQUIRE_FALSE(changes.parked.empty());
    CHECK(changes.parked[0].reason == "no upcaster");
    auto const next = window.fetch(2, 10, start);
    CHECK(numbers(next) == (hold ? list{} : list{3}));
    if (!hold) CHECK(next[0].attempt == 1);
    REQUIRE(window.ack(1, {}));  // what is left of the lease: 2
    if (!hold) REQUIRE(window.ack(2, {}));
    CHECK(window.checkpoint() == position{3});
  }
}
