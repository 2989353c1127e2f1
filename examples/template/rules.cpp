#include "placeholder.hpp"

namespace placeholder_domain {
namespace {

evoke::rejection unknown() {
  return evoke::rejection::not_found("no_placeholder", "it was never created");
}

bool is_blank(std::string const& text) {
  return text.find_first_not_of(" \t") == std::string::npos;
}

}  // namespace

// ---- what may happen: no I/O, no clock, no randomness but what the context gives

evoke::decision<placeholder_created> decide(placeholder const&, create_placeholder const& command, evoke::context const& given) {
  if (given.exists()) return evoke::rejection::conflict("placeholder_exists", "it was created before");
  if (is_blank(command.title)) return evoke::rejection::invalid("blank_title", "a title must not be blank");
  return placeholder_created{command.title};
}

evoke::decision<placeholder_renamed> decide(placeholder const& state, rename_placeholder const& command, evoke::context const& given) {
  if (!given.exists()) return unknown();
  if (state.status == placeholder_status::closed) return evoke::rejection::conflict("placeholder_closed", "it is closed");
  if (is_blank(command.title)) return evoke::rejection::invalid("blank_title", "a title must not be blank");
  if (command.title == state.title) return evoke::nothing;
  return placeholder_renamed{command.title};
}

evoke::decision<placeholder_closed> decide(placeholder const& state, close_placeholder const&, evoke::context const& given) {
  if (!given.exists()) return unknown();
  if (state.status == placeholder_status::closed) return evoke::nothing;
  return placeholder_closed{given.now()};
}

// ---- what it does to the state: no rules here, what has happened has happened

void evolve(placeholder& state, placeholder_created const& event) {
  state.title = event.title;
}

void evolve(placeholder& state, placeholder_renamed const& event) {
  state.title = event.title;
}

void evolve(placeholder& state, placeholder_closed const&) {
  state.status = placeholder_status::closed;
}

}  // namespace placeholder_domain
