#include "persistence/rocksdb_recovery.hpp"

#include "persistence/keys.hpp"
#include "persistence/log_cursor.hpp"

#include <rocksdb/metadata.h>
#include <rocksdb/write_batch.h>

#include <algorithm>

namespace evoke::persistence {

store_reach acknowledged_reach(high_water_mark const& mark, uuid const& boot) noexcept {
  bool const same_boot = !boot.is_nil() && mark.boot == boot;
  return same_boot ? store_reach{mark.written, mark.written_sequence} : store_reach{mark.synced, mark.synced_sequence};
}

std::optional<std::string> missing_between(store_reach const& found, store_reach const& acknowledged) {
  if (found.head < acknowledged.head)
    return "positions " + std::to_string(found.head.value() + 1) + " to " + std::to_string(acknowledged.head.value()) + " are missing";
  if (found.sequence < acknowledged.sequence)
    return "no event is missing, but the outcomes of commands that were acknowledged after position " + std::to_string(found.head.value()) +
           " are";
  return std::nullopt;
}

result<log_end> read_log_end(database const& db) {
  std::unique_ptr<rocksdb::Iterator> const rows(db->NewIterator({}, db[family::log]));
  rows->SeekToLast();
  if (!rows->status().ok()) return fail(failure_of(rows->status(), "reading the end of the log"));
  if (!rows->Valid()) return log_end{};
  auto const key = text(rows->key());
  group_view last;
  auto const problem = key.size() == 8 ? group_view::read(text(rows->value()), verify::checksum, last) : codec_problem::inconsistent;
  if (problem != codec_problem::none) return fail(corrupt_group(position{key.size() == 8 ? last_u64(key) : 0}, describe(problem)));
  return log_end{last.last(), last.commit_time()};
}

namespace {

/// First position of the last group that is in a table file, 0 = none is.
position last_flushed_group(database const& db) {
  rocksdb::ColumnFamilyMetaData files;
  db->GetColumnFamilyMetaData(db[family::log], &files);
  position last;
  for (auto const& level : files.levels)
    for (auto const& file : level.files)
      if (file.largestkey.size() == 8) last = std::max(last, position{get_big_endian(file.largestkey)});
  return last;
}

/// The rows of `events` that a group of `log` stands for must be there: one batch wrote both.
result<void> verify_events_of(database const& db, group_view const& group) {
  auto left = group.records();
  for (auto at = group.first(); at <= group.last(); at = at.next()) {
    event_view event;
    auto const record = group_view::take(left);
    if (auto const problem = decode_record(record, uuid{}, verify::checksum, event); problem != codec_problem::none)
      return fail(corrupt_group(at, describe(problem)));
    rocksdb::PinnableSlice row;
    auto const key = event_key({event.stream_type, event.stream_id}, event.version);
    auto const status = db->Get({}, db[family::events], slice(key.view()), &row);
    if (!status.ok() && !status.IsNotFound())
      return fail(failure_of(status, "reading the event at position " + std::to_string(at.value())));
    if (!status.ok() || text(row) != record) return fail(corrupt_group(at, "its event is not in its stream"));
  }
  return {};
}

}  // namespace

result<void> verify_tail(database const& db, position head) {
  if (head == position{}) return {};
  log_cursor log(db);
  auto moved = log.seek(std::max(last_flushed_group(db), position{1}));
  while (moved && log.group().last() < head) moved = log.next();
  if (!moved) return moved;
  return verify_events_of(db, log.group());
}

result<std::uint64_t> purge_snapshots_above_head(database const& db) {
  std::unique_ptr<rocksdb::Iterator> const rows(db->NewIterator({}, db[family::snapshots]));
  rocksdb::WriteBatch batch;
  std::uint64_t count = 0;
  for (rows->SeekToFirst(); rows->Valid(); rows->Next()) {
    auto const key = text(rows->key());
    auto const stem = key.substr(0, key.size() - 8);
    rocksdb::PinnableSlice row;
    auto const event = key_bytes{}.text(stem).u64(~last_u64(key));
    auto const status = db->Get({}, db[family::events], slice(event.view()), &row);
    if (status.ok()) continue;
    if (!status.IsNotFound()) return fail(failure_of(status, "looking for snapshots above their streams"));
    batch.Delete(db[family::snapshots], rows->key());
    ++count;
  }
  if (!rows->status().ok()) return fail(failure_of(rows->status(), "looking for snapshots above their streams"));
  if (count > 0)
    if (auto const status = db->Write({}, &batch); !status.ok()) return fail(failure_of(status, "deleting snapshots"));
  return count;
}

}  // namespace evoke::persistence
