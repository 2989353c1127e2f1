#include "persistence/timer_rows.hpp"

#include "persistence/keys.hpp"
#include "persistence/log_cursor.hpp"
#include "persistence/row_codec.hpp"

namespace evoke::persistence {
namespace {

constexpr std::size_t kRebuildBatch = 4 * 1024 * 1024;  // bytes

std::string_view format_mark() {
  static constexpr char mark[] = {static_cast<char>(kTimerFormat)};
  return {mark, sizeof mark};
}

/// Puts the timers of every event of a group into the batch, which is written when it is large enough.
class rebuilding {
 public:
  rebuilding(database& db, uuid const& store) : db_(db), store_(store) {}

  result<void> group(group_view const& group) {
    auto left = group.records();
    for (auto at = group.first(); at <= group.last(); at = at.next()) {
      auto const record = group_view::take(left);
      event_view event;
      if (auto const problem = decode_record(record, store_, verify::nothing, event); problem != codec_problem::none)
        return fail(corrupt_group(at, describe(problem)));
      auto const timers = decode_record_timers(record);
      auto const command = event.correlation_id.empty() ? event.command_id.str() : std::string(event.correlation_id);
      for (auto const& each : timers) rows_.change(db_, batch_, {{event.stream_type, event.stream_id}, event.id, command}, each);
    }
    return batch_.GetDataSize() < kRebuildBatch ? result<void>{} : write(false);
  }

  result<void> write(bool last) {
    if (last) mark_timers_whole(db_, batch_);
    rocksdb::WriteOptions how;
    how.sync = last;  // one log: what lies before it is on the disk, too
    if (auto const status = db_->Write(how, &batch_); !status.ok()) return fail(failure_of(status, "making the timers anew"));
    set_ += rows_.added();
    rows_.begin();
    batch_.Clear();
    return {};
  }

  [[nodiscard]] std::uint64_t set() const noexcept { return static_cast<std::uint64_t>(set_); }

 private:
  database& db_;
  uuid const& store_;
  timer_rows rows_;
  rocksdb::WriteBatch batch_;
  std::int64_t set_ = 0;
};

}  // namespace

void timer_rows::begin() {
  in_batch_.clear();
  added_ = 0;
}

void timer_rows::change(database const& db, rocksdb::WriteBatch& batch, timer_cause const& cause, timer_change const& to) {
  auto const key = timer_key(cause.stream, to.name);
  auto const [known, fresh] = in_batch_.try_emplace(std::string(key.view()));
  auto& due = known->second;
  if (fresh) due = due_of(db, known->first);
  if (due) batch.Delete(db[family::timers], slice(due_key(*due, cause.stream, to.name).view()));
  added_ -= due ? 1 : 0;
  if (to.what == timer_change::action::cancel) {
    // Also a row that does not read goes.
    batch.Delete(db[family::timers], slice(key.view()));
    due.reset();
    return;
  }
  row_.clear();
  stored_timer stored;
  stored.at.due = to.due;
  stored.command = to.command;
  stored.body = to.body;
  stored.set_by = cause.event;
  stored.correlation_id = cause.correlation_id;
  encode_timer(row_, stored);
  batch.Put(db[family::timers], slice(key.view()), slice(row_.view()));
  row_.clear();
  encode_due(row_);
  batch.Put(db[family::timers], slice(due_key(to.due, cause.stream, to.name).view()), slice(row_.view()));
  due = to.due;
  ++added_;
}

// A row that cannot be read leaves its other row behind: that one is reported when its time comes, and goes with a rebuild. No command
// fails for it.
std::optional<timestamp> timer_rows::due_of(database const& db, std::string const& key) const {
  rocksdb::PinnableSlice row;
  timestamp due;
  if (!db->Get({}, db[family::timers], slice(key), &row).ok() || !timer_due(text(row), due)) return std::nullopt;
  return due;
}

result<std::uint64_t> rebuild_timers(database& db, schema_settings const& settings, uuid const& store, position head) {
  rocksdb::WriteOptions synced;
  synced.sync = true;
  // From here on, until the end, the store says itself that its timers are not whole.
  auto status = db->Delete(synced, db[family::meta], slice(kTimersFormatKey));
  if (status.ok()) status = db.make_anew(family::timers, settings);
  if (!status.ok()) return fail(failure_of(status, "making the timers anew"));
  rebuilding work(db, store);
  if (head != position{}) {
    log_cursor log(db);
    for (auto moved = log.seek(position{1});; moved = log.next()) {
      if (!moved) return fail(moved.error());
      if (auto done = work.group(log.group()); !done) return fail(done.error());
      if (log.group().last() >= head) break;
    }
  }
  if (auto done = work.write(true); !done) return fail(done.error());
  return work.set();
}

void mark_timers_whole(database const& db, rocksdb::WriteBatch& batch) {
  batch.Put(db[family::meta], slice(kTimersFormatKey), slice(format_mark()));
}

result<bool> timers_are_whole(database const& db) {
  std::string found;
  auto const status = db->Get({}, db[family::meta], slice(kTimersFormatKey), &found);
  if (!status.ok() && !status.IsNotFound()) return fail(failure_of(status, "reading what the store says of its timers"));
  return status.ok() && found == format_mark();
}

}  // namespace evoke::persistence
