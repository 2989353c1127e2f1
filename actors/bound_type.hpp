#pragma once

#include <evoke/definition.hpp>
#include <evoke/options.hpp>

#include <chrono>
#include <cstdint>
#include <vector>

#include "persistence/journal.hpp"

namespace evoke::actors {

/// An aggregate type as one runtime knows it: its definition, its numbers in the journal, and its limits with the defaults filled in.
/// Immutable after start, shared by all threads. Without a definition it is a type of raw streams: events go in as they come, there is no
/// state.
struct bound_type {
  aggregate_definition const* definition = nullptr;
  aggregate_type name;
  persistence::name_id number = 0;
  std::vector<persistence::name_id> event_numbers;  ///< by index into definition->events()
  std::uint32_t snapshot_interval_events = 0;
  std::chrono::milliseconds passivate_after{};
  std::uint32_t max_events_per_command = 0;
  std::uint32_t max_payload_bytes = 0;
  std::uint32_t max_waiting_commands = 0;
  bool requires_precondition = false;
  bool retired = false;  ///< the program is done with it: only read
};

/// Interns the names of `definition` and resolves its settings against the runtime's.
[[nodiscard]] result<bound_type> bind(aggregate_definition const& definition, persistence::journal& store, runtime_options const& options);
[[nodiscard]] bound_type bind_raw(aggregate_type name, persistence::name_id number, runtime_options const& options);

}  // namespace evoke::actors
