#pragma once

#include "persistence/mark_file.hpp"
#include "persistence/rocksdb_schema.hpp"

#include <cstdint>
#include <optional>
#include <string>

/// Judges what is there after a crash against what was acknowledged.
namespace evoke::persistence {

/// How far a store reaches: its last position, and RocksDB's number of its last write (also of one that holds no event).
struct store_reach {
  position head{};
  std::uint64_t sequence = 0;
};

/// What must be there, by the mark: after a kill all that was written, after a power cut all that was synced.
[[nodiscard]] store_reach acknowledged_reach(high_water_mark const& mark, uuid const& boot) noexcept;

/// What is missing, as the end of a sentence; nothing when all is there.
[[nodiscard]] std::optional<std::string> missing_between(store_reach const& found, store_reach const& acknowledged);

/// The end of the log.
struct log_end {
  position head{};
  timestamp commit_time{};
};
/// @returns corrupt where the last group does not read.
[[nodiscard]] result<log_end> read_log_end(database const& db);

/// Reads all groups behind the last flush, which alone can have suffered from the crash, and the last group's rows of `events`. What was
/// flushed is checked block by block whenever it is read. @returns corrupt with what does not hold.
[[nodiscard]] result<void> verify_tail(database const& db, position head);

/// Deletes the snapshots of versions that their streams do not have: after a tail was cut. @returns how many.
[[nodiscard]] result<std::uint64_t> purge_snapshots_above_head(database const& db);

}  // namespace evoke::persistence
