#pragma once

#include "persistence/journal.hpp"
#include "persistence/rocksdb_schema.hpp"
#include "persistence/wire.hpp"

#include <rocksdb/write_batch.h>

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>

namespace evoke::persistence {

/// What the timers of a batch have in common: the append that changes them.
struct timer_cause {
  stream_ref stream;
  event_id event{};  ///< its first
  std::string_view correlation_id;
};

/// Puts changes of timers into write batches: a timer is two rows, one by stream and one in the order of due times, and both always change
/// together. Which time a timer had is looked up, in the batch first and then in the store. One thread.
class timer_rows {
 public:
  /// A new batch begins; the one before is written or given up.
  void begin();
  void change(database const& db, rocksdb::WriteBatch& batch, timer_cause const& cause, timer_change const& to);
  /// How many more timers are set behind this batch than before it.
  [[nodiscard]] std::int64_t added() const noexcept { return added_; }

 private:
  [[nodiscard]] std::optional<timestamp> due_of(database const& db, std::string const& key) const;

  std::unordered_map<std::string, std::optional<timestamp>> in_batch_;  ///< by the key of the row by stream; empty = not set
  std::int64_t added_ = 0;
  wire_writer row_;
};

/// Makes the whole family `timers` anew from the timers in the event records, whatever was in it; `head` is the log's. A crash in the
/// middle is made good by the next start. Nobody else may use the store meanwhile.
/// @returns how many timers are set; corrupt where the log does not read, io_error.
[[nodiscard]] result<std::uint64_t> rebuild_timers(database& db, schema_settings const& settings, uuid const& store, position head);

/// Says in the first batch of a new store that its (no) timers are whole.
void mark_timers_whole(database const& db, rocksdb::WriteBatch& batch);

/// Whether the family was written whole by a program that keeps both rows; false for a store of an earlier one, and behind an interrupted
/// rebuild.
[[nodiscard]] result<bool> timers_are_whole(database const& db);

}  // namespace evoke::persistence
