#pragma once

#include <evoke/evoke.hpp>

#include <atomic>
#include <boost/describe.hpp>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

/// A small process between aggregates: a trip wants a room and a seat, or neither.
namespace journeys {

// -- places: so many may be held, each by one trip

struct open_place {
  std::int64_t free = 0;
};
BOOST_DESCRIBE_STRUCT(open_place, (), (free))
struct hold {
  std::string trip{};
};
BOOST_DESCRIBE_STRUCT(hold, (), (trip))
struct release {
  std::string trip{};
};
BOOST_DESCRIBE_STRUCT(release, (), (trip))
/// While jammed, nothing can be released.
struct jam {
  bool on = false;
};
BOOST_DESCRIBE_STRUCT(jam, (), (on))

struct place_opened {
  std::int64_t free = 0;
};
BOOST_DESCRIBE_STRUCT(place_opened, (), (free))
struct held {
  std::string trip{};
};
BOOST_DESCRIBE_STRUCT(held, (), (trip))
struct released {
  std::string trip{};
};
BOOST_DESCRIBE_STRUCT(released, (), (trip))
struct jammed {
  bool on = false;
};
BOOST_DESCRIBE_STRUCT(jammed, (), (on))

struct place {
  std::int64_t free = 0;
  bool is_jammed = false;
  std::vector<std::string> holders{};
  std::vector<std::string> gone{};
  friend bool operator==(place const&, place const&) = default;
};
BOOST_DESCRIBE_STRUCT(place, (), (free, is_jammed, holders, gone))

inline bool among(std::vector<std::string> const& all, std::string const& one) {
  return std::ranges::find(all, one) != all.end();
}

inline evoke::decision<place_opened> decide(place const&, open_place const& command, evoke::context const&) {
  return place_opened{command.free};
}
inline evoke::decision<held> decide(place const& now, hold const& command, evoke::context const&) {
  if (among(now.holders, command.trip)) return evoke::nothing;
  if (among(now.gone, command.trip)) return evoke::rejection::conflict("released_before", "This trip was released before");
  if (now.free == 0) return evoke::rejection::conflict("full", "Nothing is free");
  return held{command.trip};
}
inline evoke::decision<released> decide(place const& now, release const& command, evoke::context const&) {
  if (now.is_jammed) return evoke::rejection::conflict("jammed", "Nothing can be released now");
  if (among(now.gone, command.trip)) return evoke::nothing;
  return released{command.trip};
}
inline evoke::decision<jammed> decide(place const&, jam const& command, evoke::context const&) {
  return jammed{command.on};
}
inline void evolve(place& now, place_opened const& event) {
  now.free = event.free;
}
inline void evolve(place& now, held const& event) {
  --now.free;
  now.holders.push_back(event.trip);
}
inline void evolve(place& now, released const& event) {
  if (std::erase(now.holders, event.trip) > 0) ++now.free;
  now.gone.push_back(event.trip);
}
inline void evolve(place& now, jammed const& event) {
  now.is_jammed = event.on;
}
constexpr auto describe(evoke::type<place>) {
  return evoke::aggregate<place>("place")
      .command<open_place>("open_place")
      .command<hold>("hold")
      .command<release>("release")
      .command<jam>("jam")
      .event<place_opened>("place_opened")
      .event<held>("held")
      .event<released>("released")
      .event<jammed>("jammed");
}

// -- trips

struct request_trip {
  std::string room{};
  std::string seat{};
};
BOOST_DESCRIBE_STRUCT(request_trip, (), (room, seat))
struct confirm_trip {};
BOOST_DESCRIBE_STRUCT(confirm_trip, (), ())
struct annotate {
  std::string text{};
};
BOOST_DESCRIBE_STRUCT(annotate, (), (text))

struct trip_requested {
  std::string room{};
  std::string seat{};
};
BOOST_DESCRIBE_STRUCT(trip_requested, (), (room, seat))
struct trip_confirmed {};
BOOST_DESCRIBE_STRUCT(trip_confirmed, (), ())
struct annotated {
  std::string text{};
};
BOOST_DESCRIBE_STRUCT(annotated, (), (text))

struct trip {
  bool confirmed = false;
};
BOOST_DESCRIBE_STRUCT(trip, (), (confirmed))

inline evoke::decision<trip_requested> decide(trip const&, request_trip const& command, evoke::context const&) {
  return trip_requested{command.room, command.seat};
}
inline evoke::decision<trip_confirmed> decide(trip const& now, confirm_trip const&, evoke::context const&) {
  if (now.confirmed) return evoke::nothing;
  return trip_confirmed{};
}
inline evoke::decision<annotated> decide(trip const&, annotate const& command, evoke::context const&) {
  return annotated{command.text};
}
inline void evolve(trip&, trip_requested const&) {}
inline void evolve(trip& now, trip_confirmed const&) {
  now.confirmed = true;
}
inline void evolve(trip&, annotated const&) {}
constexpr auto describe(evoke::type<trip>) {
  return evoke::aggregate<trip>("trip")
      .command<request_trip>("request_trip")
      .command<confirm_trip>("confirm_trip")
      .command<annotate>("annotate")
      .event<trip_requested>("trip_requested")
      .event<trip_confirmed>("trip_confirmed")
      .event<annotated>("annotated");
}

// -- the process

struct journey {
  std::string trip{};
  std::string room{};
  std::string seat{};
  std::vector<std::string> notes{};
  std::string end{};
};
BOOST_DESCRIBE_STRUCT(journey, (), (trip, room, seat, notes, end))

/// While set, react() and correlate() throw where a note says so.
inline std::atomic<bool> poisonous{false};

inline evoke::reaction react(journey& now, trip_requested const& event, evoke::context const& given) {
  now.trip = given.id().str();
  now.room = event.room;
  now.seat = event.seat;
  return evoke::reaction{}.execute("room", evoke::to<place>(now.room, hold{now.trip})).undo(evoke::to<place>(now.room, release{now.trip}));
}
inline evoke::reaction seat_for(journey const& now) {
  return evoke::reaction{}.execute("seat", evoke::to<place>(now.seat, hold{now.trip})).undo(evoke::to<place>(now.seat, release{now.trip}));
}
/// A note may name the seat of a trip that was requested without.
inline evoke::reaction react(journey& now, annotated const& event, evoke::context const&) {
  if (poisonous && event.text == "poison") throw std::runtime_error("cannot stomach this");
  now.notes.push_back(event.text);
  if (!event.text.starts_with("seat ")) return {};
  now.seat = event.text.substr(5);
  return seat_for(now);
}
inline evoke::reaction react(journey& now, evoke::step_succeeded const& step, evoke::context const&) {
  if (step.step == "room" && !now.seat.empty()) return seat_for(now);
  if (step.step == "seat") return evoke::reaction{}.execute("confirm", evoke::to<trip>(now.trip, confirm_trip{})).complete();
  return {};
}
inline evoke::reaction react(journey& now, evoke::compensation_ended const& ended, evoke::context const&) {
  now.end = ended.complete ? "undone" : "not undone";
  return {};
}
inline evoke::reaction react(journey& now, evoke::process_completed const&, evoke::context const&) {
  now.end = "done";
  return {};
}
inline std::string correlate(evoke::type<journey>, annotated const& event, evoke::projected_event const& facts) {
  if (poisonous && event.text == "lost") throw std::runtime_error("whose is this");
  return event.text == "nobody" ? "" : std::string(facts.stream_id);
}
constexpr auto describe(evoke::type<journey>) {
  return evoke::process<journey>("journey")
      .starts_on<trip, trip_requested>()
      .follows<trip, annotated>()
      .step_deadline(std::chrono::seconds(20))
      .undo_deadline(std::chrono::seconds(20));
}

inline evoke::registry types() {
  evoke::registry all;
  static_cast<void>(all.add(evoke::define<place>()));
  static_cast<void>(all.add(evoke::define<trip>()));
  static_cast<void>(all.add(evoke::define_process<journey>()));
  return all;
}

}  // namespace journeys
