#pragma once

#include <evoke/evoke.hpp>

#include <boost/describe.hpp>
#include <string>

/// An aggregate for what a ledger does not show: it demands a precondition, and is refused in every way a domain can refuse.
namespace doors {

struct build {
  std::string color;
};
BOOST_DESCRIBE_STRUCT(build, (), (color))
struct refuse {
  std::string kind;
};
BOOST_DESCRIBE_STRUCT(refuse, (), (kind))
struct built {
  std::string color;
};
BOOST_DESCRIBE_STRUCT(built, (), (color))
struct door {
  std::string color;
};
BOOST_DESCRIBE_STRUCT(door, (), (color))

inline evoke::decision<built> decide(door const&, build const& command, evoke::context const&) {
  return built{command.color};
}

inline evoke::decision<built> decide(door const&, refuse const& command, evoke::context const&) {
  if (command.kind == "conflict") return evoke::rejection::conflict("stuck", "The door is stuck");
  if (command.kind == "not_found") return evoke::rejection::not_found("walled_up", "There is no door any more");
  if (command.kind == "forbidden") return evoke::rejection::forbidden("locked", "Not without a key");
  return evoke::rejection::invalid("not_a_door", "That is a window", R"({"looks_like":"window"})");
}

inline void evolve(door& now, built const& event) {
  now.color = event.color;
}

inline auto describe(evoke::type<door>) {
  return evoke::aggregate<door>("door").command<build>("build").command<refuse>("refuse").event<built>("built").require_precondition();
}

}  // namespace doors
