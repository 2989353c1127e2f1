#pragma once

#include <evoke/aggregate.hpp>

#include <boost/describe.hpp>

#include <cstdint>
#include <stdexcept>
#include <string>

/// A small aggregate in which everything that a definition handles occurs: rejections, nothing, several events, timers, exceptions.
namespace sample {

struct open_box {
  std::string label;
};
struct put_in {
  std::int32_t count = 0;
};
struct close_box {};
struct explode {};
struct look_later {};

struct box_opened {
  std::string label;
};
struct put_into {
  std::int32_t count = 0;
};
struct put_into_v1 {};  // one piece
struct put_into_v2 {
  std::int32_t pieces = 0;
};
struct box_closed {
  evoke::uuid seal;
  evoke::timestamp at{};
};
struct exploded {};

struct box {
  std::string label;
  std::int64_t content = 0;
  bool closed = false;
};

BOOST_DESCRIBE_STRUCT(open_box, (), (label))
BOOST_DESCRIBE_STRUCT(put_in, (), (count))
BOOST_DESCRIBE_STRUCT(close_box, (), ())
BOOST_DESCRIBE_STRUCT(explode, (), ())
BOOST_DESCRIBE_STRUCT(look_later, (), ())
BOOST_DESCRIBE_STRUCT(box_opened, (), (label))
BOOST_DESCRIBE_STRUCT(put_into, (), (count))
BOOST_DESCRIBE_STRUCT(put_into_v1, (), ())
BOOST_DESCRIBE_STRUCT(put_into_v2, (), (pieces))
BOOST_DESCRIBE_STRUCT(box_closed, (), (seal, at))
BOOST_DESCRIBE_STRUCT(exploded, (), ())
BOOST_DESCRIBE_STRUCT(box, (), (label, content, closed))

inline evoke::decision<box_opened> decide(box const&, open_box const& command, evoke::context const& given) {
  if (given.exists()) return evoke::rejection::conflict("box_exists", "it is open already");
  return box_opened{command.label};
}
/// One event for each piece, and none for none.
inline evoke::decision<put_into, box_closed> decide(box const& state, put_in const& command, evoke::context const& given) {
  if (!given.exists()) return evoke::rejection::not_found("no_box", "there is no box");
  if (command.count < 0) return evoke::rejection::invalid("negative", "nothing is taken out", R"({"least":0})");
  if (command.count == 0) return evoke::nothing;
  evoke::decision<put_into, box_closed> made;
  for (std::int32_t i = 0; i < command.count; ++i) made.add(put_into{1});
  if (state.content + command.count >= 10) made.add(box_closed{given.new_id(), given.now()});
  made.set_timer("look", given.now() + std::chrono::hours{1}, "close_box");
  return made;
}
inline evoke::decision<box_closed> decide(box const& state, close_box const&, evoke::context const& given) {
  if (state.closed) return evoke::nothing;
  auto made = evoke::decision<box_closed>{box_closed{given.new_id(), given.now()}};
  made.cancel_timer("look");
  return made;
}
inline evoke::decision<exploded> decide(box const& state, explode const&, evoke::context const&) {
  if (state.closed) throw std::runtime_error("decide went off");
  return exploded{};
}
/// Never leads to an event.
inline evoke::decision<> decide(box const&, look_later const&, evoke::context const& given) {
  if (!given.exists()) return evoke::rejection::not_found("no_box", "there is no box");
  return evoke::nothing;
}

inline put_into_v2 upcast(put_into_v1 const&) {
  return {1};
}
inline put_into upcast(put_into_v2 const& stored) {
  return {stored.pieces};
}

inline void evolve(box& state, box_opened const& event) {
  state.label = event.label;
}
inline void evolve(box& state, put_into const& event) {
  state.content += event.count;
}
inline void evolve(box& state, box_closed const&) {
  state.closed = true;
}
inline void evolve(box&, exploded const&) {
  throw std::runtime_error("evolve went off");
}

constexpr auto describe(evoke::type<box>) {
  return evoke::aggregate<box>("box")
      .command<open_box>("open_box")
      .command<put_in>("put_in")
      .command<close_box>("close_box")
      .command<explode>("explode")
      .command<look_later>("look_later")
      .event<box_opened>("box_opened")
      .event<put_into>("put_into", 3)
      .event<box_closed>("box_closed")
      .event<exploded>("exploded")
      .former<put_into_v1>("put_into", 1)
      .former<put_into_v2>("put_into", 2)
      .snapshot_every(100)
      .passivate_after(std::chrono::minutes(5))
      .max_events_per_command(10)
      .max_payload_bytes(1000)
      .max_waiting_commands(50)
      .require_precondition();
}

}  // namespace sample
