#pragma once

#include <chrono>
#include <memory>
#include <optional>

#include "actors/bound_type.hpp"
#include "actors/services.hpp"

namespace evoke::actors {

/// An aggregate rebuilt from what is stored.
struct folded {
  std::unique_ptr<aggregate_state> state;  ///< empty for a raw stream
  evoke::version version{};                ///< 0 = no stream yet
  evoke::position position{};              ///< of the event at `version`
  timestamp time{};                        ///< of the event at `version`
  evoke::version snapshot{};               ///< version of the snapshot it began with, 0 = none
};

/// Where a fold ends, and how much it may cost.
struct fold_limits {
  std::optional<version> at_version{};
  std::optional<timestamp> at_time{};  ///< the last event that is not later
  bool from_snapshot = true;           ///< false: from the first event, whatever is cached
  std::uint64_t max_events = UINT64_MAX;
  std::chrono::nanoseconds max_time = std::chrono::nanoseconds::max();
};

/// Snapshot, then the events behind it. Blocks on the disk: for background threads. A snapshot that does not read is passed over with a log
/// line.
/// @returns corrupt for an event that does not read; user_code_failed when evolve or an upcaster throws; history_too_long; io_error.
[[nodiscard]] result<folded> fold(services const& use, bound_type const& type, aggregate_id const& id, fold_limits const& until = {});
/// Goes on where `begun` ends; begins anew where it has no state.
[[nodiscard]] result<folded> fold_on(services const& use, bound_type const& type, aggregate_id const& id, folded begun,
                                     fold_limits const& until = {});

/// A fold that was begun, and perhaps is done.
struct folded_here {
  folded made{};       ///< without a state: nothing of it is of use
  bool whole = false;  ///< up to the stream's end: else fold_on
};
/// What a worker rebuilds itself, so that a new aggregate, and a short stream that was written or read a while ago, needs no background
/// thread: as far as memory holds it, and no longer than a worker may be held up. Never touches the disk. Only from the first event:
/// decoding a snapshot takes longer than that.
[[nodiscard]] folded_here fold_in_memory(services const& use, bound_type const& type, aggregate_id const& id);

}  // namespace evoke::actors
