#pragma once

#include <evoke/registry.hpp>
#include <evoke/result.hpp>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

/// Looking at a store before a new program opens it. A program of one's own makes a tool of this in a few lines: examples/admin.
namespace evoke {

struct upgrade_progress {
  std::string_view type;         ///< the aggregate type that is being replayed
  std::uint64_t aggregates = 0;  ///< replayed so far, of all types
};

struct upgrade_check {
  std::filesystem::path data;        ///< the store's directory. Only read, and held against other programs while it is copied
  std::filesystem::path scratch{};   ///< where the copy is made, and removed; empty = beside `data`, so that most of it can be linked
  std::filesystem::path save{};      ///< writes the hash of every aggregate's state here; empty = nowhere
  std::filesystem::path compare{};   ///< compares with what an earlier check saved here, most likely by the program before; empty = nothing
  unsigned threads = 0;              ///< 0 = one a processor
  std::size_t max_findings = 1'000;  ///< in the report; beyond that they are only counted
  /// Called now and then, on the thread that called check_upgrade.
  std::function<void(upgrade_progress const&)> on_progress{};
};

struct upgrade_finding {
  enum class kind : std::uint8_t {
    incompatible,       ///< the program would not start: events are stored that it does not know
    unreadable,         ///< an aggregate does not recover: an event does not read, an upcaster or evolve() throws
    not_deterministic,  ///< the same events led to two states
    snapshot_differs,   ///< a snapshot that the program would use, and the events behind it, lead to another state than all events
    state_differs,      ///< the state is another than the one that was saved, with the same fields
  };
  kind what{};
  std::string aggregate_type{};
  std::string aggregate_id{};  ///< empty with `incompatible`
  std::string text{};          ///< a sentence
};
/// "incompatible", "unreadable" and so on.
[[nodiscard]] std::string_view name_of(upgrade_finding::kind what) noexcept;

struct upgrade_report {
  std::uint64_t aggregates = 0;      ///< replayed
  std::uint64_t snapshots = 0;       ///< aggregates of which a snapshot was compared
  std::uint64_t compared = 0;        ///< aggregates whose state was compared with a saved one
  std::uint64_t not_comparable = 0;  ///< whose state was saved with other fields, so that it must differ
  std::uint64_t found = 0;           ///< 0 = the program can take the store over
  std::vector<upgrade_finding> findings{};
};

/// Replays a copy of a store with the program that calls it: every aggregate of every registered type, twice from its events and once from
/// its snapshot, without a runtime. The store itself is not changed in any way. Memory does not grow with the store.
///
/// What it says of states that were saved is by the version they had then. Whether the states of today are right, no program can say: where
/// fields changed, look.
/// @returns what stands in the way of looking: store_in_use, incompatible_store (another format), data_lost, corrupt, io_error,
/// invalid_argument (no store there, or `compare` does not read).
[[nodiscard]] result<upgrade_report> check_upgrade(registry const& types, upgrade_check const& how);

}  // namespace evoke
