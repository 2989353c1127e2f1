#include "contract.hpp"

#include <algorithm>
#include <optional>
#include <random>

namespace {

/// The filter, by names; what the naive fold judges by.
struct wanted_events {
  std::vector<std::string> types{}, event_types{};
  std::string id_prefix{}, correlation{};
  std::optional<timestamp> not_before{};

  [[nodiscard]] bool match(teller::told_event const& event) const {
    auto const holds = [](auto const& list, auto const& value) {
      return list.empty() || std::find(list.begin(), list.end(), value) != list.end();
    };
    return holds(types, event.type) && holds(event_types, event.event) && event.id.starts_with(id_prefix) &&
           (correlation.empty() || event.correlation == correlation) && (!not_before || event.time >= *not_before);
  }
  [[nodiscard]] resolved_filter resolve(journal const& store) const {
    resolved_filter out;
    for (auto const& each : types) out.types.push_back(store.find_name(name_kind::aggregate_type, each));
    for (auto const& each : event_types) out.event_types.push_back(store.find_name(name_kind::event_type, each));
    out.id_prefix = id_prefix;
    out.correlation_id = correlation;
    out.not_before = not_before;
    return out;
  }
  [[nodiscard]] std::vector<std::string> fold(teller const& told, position after = {}) const {
    std::vector<std::string> out;
    for (std::size_t i = after.value(); i < told.events().size(); ++i)
      if (match(told.events()[i])) out.push_back(told.events()[i].line);
    return out;
  }
};

/// A version-7 UUID of a time, as a runtime makes for its commands.
uuid command_id_at(timestamp time, std::uint64_t serial) {
  auto const ms = static_cast<std::uint64_t>(time.time_since_epoch().count() / 1000);
  uuid::bytes_type bytes{};
  for (unsigned i = 0; i < 6; ++i) bytes[i] = static_cast<std::uint8_t>(ms >> (40U - 8U * i));
  bytes[6] = 0x70;
  bytes[8] = 0x80;
  for (unsigned i = 0; i < 4; ++i) bytes[15 - i] = static_cast<std::uint8_t>(serial >> (8U * i));
  return uuid{bytes};
}

/// A varied history: 4 aggregate types, 8 event types, groups of 1 to 40 appends, some flows.
void tell_history(teller& tell, journal& store, std::mt19937_64& random, std::size_t groups) {
  std::uint64_t serial = 0;
  for (std::size_t group = 0; group < groups; ++group) {
    auto const appends = random() % 8 == 0 ? 40 : 1 + random() % 4;
    for (std::size_t i = 0; i < appends; ++i) {
      auto const type = "type-" + std::to_string(random() % 4);
      auto& one = tell.next(type, "id-" + std::to_string(random() % 30), 1 + random() % 3);
      one.command_id = command_id_at(tell.time(), ++serial);
      for (auto& draft : one.events) {
        draft.type = need(store.intern(name_kind::event_type, type + "-event-" + std::to_string(random() % 2)));
        draft.data = "{\"x\":\"" + std::string(random() % 200, 'y') + "\"}";
      }
      if (random() % 3 == 0) one.meta.correlation_id = "flow-" + std::to_string(random() % 10);
      if (random() % 5 == 0) one.meta.causation_id = "flow-" + std::to_string(random() % 10);
    }
    need(tell.commit());
    tell.pass(std::chrono::milliseconds(random() % 2000));
  }
}

wanted_events random_filter(teller const& told, std::mt19937_64& random) {
  wanted_events out;
  for (int i = 0; i < 5; ++i)
    if (random() % 6 == 0) out.types.push_back("type-" + std::to_string(i));
  for (int i = 0; i < 8; ++i)
    if (random() % 8 == 0) out.event_types.push_back("type-" + std::to_string(i % 4) + "-event-" + std::to_string(i / 4));
  if (random() % 4 == 0) out.id_prefix = "id-" + std::to_string(random() % 4);
  if (random() % 3 == 0) out.correlation = "flow-" + std::to_string(random() % 11);
  if (random() % 6 == 0) out.correlation = told.events()[random() % told.events().size()].correlation;
  if (random() % 4 == 0) out.not_before = told.events()[random() % told.events().size()].time;
  return out;
}

}  // namespace

BOTH_JOURNALS("Filtered scans find what a naive fold finds") {
  TestType world;
  teller tell(world.store);
  auto const seed = test_seed();
  INFO("EVOKE_SEED=" << seed);
  std::mt19937_64 random(seed);
  tell_history(tell, *world, random, 60);
  for (int i = 0; i < 60; ++i) {
    if (i == 30) world.reopen();
    auto const wanted = random_filter(tell, random);
    auto const after = random() % 2 == 0 ? position{} : position{random() % tell.events().size()};
    INFO("filter " << i << " after " << after.value());
    // A type that was never interned resolves to 0 and must match nothing.
    CHECK(read_log(*world, wanted.resolve(*world), after) == wanted.fold(tell, after));
  }
}

BOTH_JOURNALS("Pages of bounded work add up to the whole, whatever the bound") {
  TestType world;
  teller tell(world.store);
  auto const seed = test_seed();
  INFO("EVOKE_SEED=" << seed);
  std::mt19937_64 random(seed);
  tell_history(tell, *world, random, 25);
  for (int i = 0; i < 20; ++i) {
    auto const wanted = random_filter(tell, random);
    auto const filter = wanted.resolve(*world);
    auto const bound = 1 + random() % 40;
    auto const page = 1 + random() % 10;
    std::vector<std::string> got;
    position after;
    for (bool at_end = false; !at_end;) {
      std::size_t taken = 0;
      auto const end = need(world->scan_log(after, bound, filter, [&](event_view const& event) {
        got.push_back(line_of(event));
        return ++taken < page;
      }));
      REQUIRE((end.at_end || end.examined > after));
      after = end.examined;
      at_end = end.at_end;
    }
    CHECK(got == wanted.fold(tell));
    CHECK(after == world->head());
  }
}

BOTH_JOURNALS("A scan that the visitor stops says how far it came") {
  TestType world;
  teller tell(world.store);
  tell.tell("cart", "a", 10);
  auto const end = need(world->scan_log({}, UINT64_MAX, {}, [&](event_view const& event) { return event.position < position{4}; }));
  CHECK(end.examined == position{4});
  CHECK_FALSE(end.at_end);
}

BOTH_JOURNALS("A scan examines no more events than it may") {
  TestType world;
  teller tell(world.store);
  tell.tell("cart", "a", 10);
  resolved_filter nothing_begins_so;
  nothing_begins_so.id_prefix = "zzz";
  auto const end = need(world->scan_log({}, 7, nothing_begins_so, [](event_view const&) { return true; }));
  CHECK(end.examined == position{7});
  CHECK_FALSE(end.at_end);
}

BOTH_JOURNALS("A filter that can never match passes everything at once") {
  TestType world;
  teller tell(world.store);
  tell.tell("cart", "a", 10);
  resolved_filter filter;
  filter.never = true;
  auto const end = need(world->scan_log({}, 1, filter, [](event_view const&) { return true; }));
  CHECK(end.examined == position{10});
  CHECK(end.at_end);
}

BOTH_JOURNALS("A scan after the head is at the end") {
  TestType world;
  teller tell(world.store);
  tell.tell("cart", "a", 3);
  for (auto const after : {std::uint64_t{3}, std::uint64_t{4}, UINT64_MAX}) {
    auto const end = need(world->scan_log(position{after}, 10, {}, [](event_view const&) { return false; }));
    CHECK(end.at_end);
    CHECK(end.examined == position{after});
  }
}

BOTH_JOURNALS("since begins before the first group committed at or after it") {
  TestType world;
  teller tell(world.store);
  auto const seed = test_seed();
  INFO("EVOKE_SEED=" << seed);
  std::mt19937_64 random(seed);
  for (int i = 0; i < 100; ++i) {
    tell.tell("cart", "c-" + std::to_string(random() % 5), 1 + random() % 9);
    tell.pass(std::chrono::microseconds(random() % 3));
  }
  world.reopen();
  auto const& told = tell.events();
  for (auto time = told.front().commit_time - 1us; time <= told.back().commit_time + 1us; time += 1us) {
    auto const first = std::find_if(told.begin(), told.end(), [&](auto const& each) { return each.commit_time >= time; });
    REQUIRE(need(world->position_before(time)).value() == static_cast<std::uint64_t>(first - told.begin()));
  }
}

BOTH_JOURNALS("The events of a command are found by its id where no flow was given") {
  TestType world;
  teller tell(world.store);
  auto const command = command_id_at(tell.time(), 77);
  tell.tell("cart", "a", 2);
  tell.next("cart", "b", 1);
  tell.next("cart", "a", 3).command_id = command;
  need(tell.commit());
  tell.pass(1s);
  tell.next("cart", "c", 2).meta.correlation_id = command.str();
  need(tell.commit());
  resolved_filter filter;
  filter.correlation_id = command.str();
  CHECK(read_log(*world, filter) ==
        std::vector<std::string>{tell.lines()[3], tell.lines()[4], tell.lines()[5], tell.lines()[6], tell.lines()[7]});
}
