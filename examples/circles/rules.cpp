#include "circle.hpp"

namespace circles {
namespace {

using evoke::context;
using evoke::decision;
using evoke::rejection;

std::optional<rejection> bad_name(std::string const& name) {
  if (name.find_first_not_of(" \t\r\n\f\v") != std::string::npos) return std::nullopt;
  return rejection::invalid("blank_circle_name", "Circle name must not be blank");
}

std::optional<rejection> bad_capacity(std::int16_t capacity) {
  if (capacity >= min_capacity) return std::nullopt;
  return rejection::invalid("capacity_too_small", "Circle capacity must be 3 or more");
}

}  // namespace

decision<circle_created> decide(circle const&, create_circle const& command, context const& given) {
  if (given.exists()) return rejection::conflict("circle_already_exists", "There is already a circle of this id");
  if (auto why = bad_name(command.circle_name)) return *why;
  if (auto why = bad_capacity(command.capacity)) return *why;
  return circle_created{command.circle_name, command.capacity};
}

decision<circle_updated> decide(circle const& state, update_circle const& command, context const& given) {
  if (!given.exists()) return rejection::not_found("circle_not_found", "There is no such circle");
  circle_updated changes;
  if (command.circle_name) {
    if (auto why = bad_name(*command.circle_name)) return *why;
    if (*command.circle_name != state.name) changes.name = command.circle_name;
  }
  if (command.capacity) {
    if (auto why = bad_capacity(*command.capacity)) return *why;
    if (*command.capacity != state.capacity) changes.capacity = command.capacity;
  }
  if (!changes.name && !changes.capacity) return evoke::nothing;
  return changes;
}

void evolve(circle& state, circle_created const& event) {
  state.name = event.name;
  state.capacity = event.capacity;
}

void evolve(circle& state, circle_updated const& event) {
  if (event.name) state.name = *event.name;
  if (event.capacity) state.capacity = *event.capacity;
}

}  // namespace circles
