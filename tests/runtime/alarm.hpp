#pragma once

#include <evoke/evoke.hpp>

#include <atomic>
#include <boost/describe.hpp>
#include <cstdint>
#include <stdexcept>
#include <string>

/// A small aggregate with timers: alarms that ring, in every way that a timer can end.
namespace alarms {

struct set_alarm {
  std::string name;
  evoke::timestamp due;
  std::string how;  ///< what ring does: "" rings; "refuse", "nothing", "again" (once more, an hour later), "throw" while doing().broken
};
BOOST_DESCRIBE_STRUCT(set_alarm, (), (name, due, how))
/// Many at once, one event.
struct set_alarms {
  std::int64_t first = 0;
  std::int64_t count = 0;
  evoke::timestamp due;
};
BOOST_DESCRIBE_STRUCT(set_alarms, (), (first, count, due))
struct cancel_alarm {
  std::string name;
};
BOOST_DESCRIBE_STRUCT(cancel_alarm, (), (name))
struct ring {
  std::string name;
  evoke::timestamp due;
  std::string how;
};
BOOST_DESCRIBE_STRUCT(ring, (), (name, due, how))

struct alarm_set {
  std::string name;
  evoke::timestamp due;
};
BOOST_DESCRIBE_STRUCT(alarm_set, (), (name, due))
struct alarm_cancelled {
  std::string name;
};
BOOST_DESCRIBE_STRUCT(alarm_cancelled, (), (name))
struct rang {
  std::string name;
  evoke::timestamp due;
};
BOOST_DESCRIBE_STRUCT(rang, (), (name, due))

struct clock_tower {
  std::int64_t set = 0;
  std::int64_t rung = 0;
};
BOOST_DESCRIBE_STRUCT(clock_tower, (), (set, rung))

/// What tests can change while it runs.
struct behaviour {
  std::atomic<bool> broken{false};
};
inline behaviour& doing() {
  static behaviour now;
  return now;
}

inline std::string body_of(ring const& command) {
  std::string text;
  if (!evoke::json::append(text, command)) throw std::runtime_error("the command cannot be written");
  return text;
}

inline evoke::decision<alarm_set> decide(clock_tower const&, set_alarm const& command, evoke::context const&) {
  auto made = evoke::decision<alarm_set>{alarm_set{command.name, command.due}};
  made.set_timer(command.name, command.due, "ring", body_of({command.name, command.due, command.how}));
  return made;
}
inline evoke::decision<alarm_set> decide(clock_tower const&, set_alarms const& command, evoke::context const&) {
  auto made = evoke::decision<alarm_set>{alarm_set{"many", command.due}};
  for (auto i = command.first; i < command.first + command.count; ++i) {
    auto const name = "n" + std::to_string(i);
    made.set_timer(name, command.due, "ring", body_of({name, command.due, {}}));
  }
  return made;
}
inline evoke::decision<alarm_cancelled> decide(clock_tower const&, cancel_alarm const& command, evoke::context const&) {
  auto made = evoke::decision<alarm_cancelled>{alarm_cancelled{command.name}};
  made.cancel_timer(command.name);
  return made;
}
inline evoke::decision<rang> decide(clock_tower const&, ring const& command, evoke::context const& given) {
  if (command.how == "refuse") return evoke::rejection::conflict("no_bell", "The bell is gone");
  if (command.how == "nothing") return evoke::nothing;
  if (command.how == "throw" && doing().broken) throw std::runtime_error("as asked");
  auto made = evoke::decision<rang>{rang{command.name, command.due}};
  if (command.how == "again") {
    auto const next = given.now() + std::chrono::hours(1);
    made.set_timer(command.name, next, "ring", body_of({command.name, next, "again"}));
  }
  return made;
}

inline void evolve(clock_tower& now, alarm_set const&) {
  ++now.set;
}
inline void evolve(clock_tower&, alarm_cancelled const&) {}
inline void evolve(clock_tower& now, rang const&) {
  ++now.rung;
}

inline auto describe(evoke::type<clock_tower>) {
  return evoke::aggregate<clock_tower>("clock_tower")
      .command<set_alarm>("set_alarm")
      .command<set_alarms>("set_alarms")
      .command<cancel_alarm>("cancel_alarm")
      .command<ring>("ring")
      .event<alarm_set>("alarm_set")
      .event<alarm_cancelled>("alarm_cancelled")
      .event<rang>("rang");
}

inline evoke::registry types() {
  evoke::registry made;
  static_cast<void>(made.add(evoke::define<clock_tower>()));
  return made;
}

}  // namespace alarms
