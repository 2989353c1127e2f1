#include "actors/bound_type.hpp"

namespace evoke::actors {
namespace {

template <class T>
T or_default(T chosen, T fallback) noexcept {
  return chosen == T{} ? fallback : chosen;
}

}  // namespace

result<bound_type> bind(aggregate_definition const& definition, persistence::journal& store, runtime_options const& options) {
  auto const number = store.intern(persistence::name_kind::aggregate_type, definition.type().str());
  if (!number) return std::unexpected(number.error());
  auto bound = bind_raw(definition.type(), *number, options);
  bound.definition = &definition;
  for (auto const& each : definition.events()) {
    auto const event = store.intern(persistence::name_kind::event_type, each.name.str());
    if (!event) return std::unexpected(event.error());
    bound.event_numbers.push_back(*event);
  }
  // Known from the start even where none was ever stored, so that whoever filters by names need not ask again.
  for (auto const& each : definition.formers())
    if (auto const former = store.intern(persistence::name_kind::event_type, each.name.str()); !former)
      return std::unexpected(former.error());
  auto const& chosen = definition.settings();
  bound.snapshot_interval_events = chosen.snapshot_interval_events;
  bound.passivate_after = or_default(chosen.passivate_after, bound.passivate_after);
  bound.max_events_per_command = or_default(chosen.max_events_per_command, bound.max_events_per_command);
  bound.max_payload_bytes = or_default(chosen.max_payload_bytes, bound.max_payload_bytes);
  bound.max_waiting_commands = or_default(chosen.max_waiting_commands, bound.max_waiting_commands);
  bound.requires_precondition = chosen.requires_precondition;
  return bound;
}

bound_type bind_raw(aggregate_type name, persistence::name_id number, runtime_options const& options) {
  bound_type bound;
  bound.name = std::move(name);
  bound.number = number;
  bound.passivate_after = options.passivate_after;
  bound.max_events_per_command = options.limits.max_events_per_command;
  bound.max_payload_bytes = options.limits.max_payload_bytes;
  bound.max_waiting_commands = options.limits.max_waiting_commands;
  return bound;
}

}  // namespace evoke::actors
