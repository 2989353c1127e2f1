#include "persistence/rocksdb_store.hpp"
#include "persistence/row_codec.hpp"

#include <rocksdb/snapshot.h>

/// Timers that are set: by stream, by name, and in the order of their due times.
namespace evoke::persistence {
namespace {

std::string named(stream_ref stream, std::string_view name) {
  return "timer '" + std::string(name) + "' of '" + std::string(stream.id) + "' (type number " + std::to_string(stream.type) + ")";
}

}  // namespace

result<std::vector<timer_change>> rocksdb_journal::timers_of(stream_ref stream) const {
  auto const stem = key_bytes{}.stream(stream);
  std::unique_ptr<rocksdb::Iterator> const rows(db_->NewIterator({}, db_[family::timers]));
  std::vector<timer_change> out;
  for (rows->Seek(slice(stem.view())); rows->Valid() && text(rows->key()).starts_with(stem.view()); rows->Next()) {
    auto const name = text(rows->key()).substr(stem.size());
    stored_timer timer;
    if (auto const problem = decode_timer(text(rows->value()), timer); problem != codec_problem::none)
      return fail(errc::corrupt, named(stream, name) + " does not read: " + std::string(describe(problem)));
    out.push_back({timer_change::action::set, std::string(name), timer.at.due, std::move(timer.command), std::move(timer.body)});
  }
  if (!rows->status().ok()) return fail(failure_of(rows->status(), "reading timers"));
  return out;
}

result<std::optional<stored_timer>> rocksdb_journal::find_timer(stream_ref stream, std::string_view name) const {
  rocksdb::PinnableSlice row;
  auto const status = db_->Get({}, db_[family::timers], slice(timer_key(stream, name).view()), &row);
  if (status.IsNotFound()) return std::nullopt;
  if (!status.ok()) return fail(failure_of(status, "reading " + named(stream, name)));
  stored_timer found;
  if (auto const problem = decode_timer(text(row), found); problem != codec_problem::none)
    return fail(errc::corrupt, named(stream, name) + " does not read: " + std::string(describe(problem)));
  found.at.type = stream.type;
  found.at.id = stream.id;
  found.at.name = name;
  return found;
}

result<void> rocksdb_journal::scan_timers(timer_place const& after, timestamp until, timer_visitor const& visit,
                                          std::function<void(std::string_view)> const& problem) const {
  auto const begin = due_key(after.due, {after.type, after.id}, after.name);
  // Both rows of a timer are of one moment, or a timer that is moved meanwhile would look like damage.
  rocksdb::ManagedSnapshot moment(db_.operator->());
  rocksdb::ReadOptions how;
  how.snapshot = moment.snapshot();
  std::unique_ptr<rocksdb::Iterator> const rows(db_->NewIterator(how, db_[family::timers]));
  stored_timer timer;
  for (rows->Seek(slice(begin.view())); rows->Valid(); rows->Next()) {
    auto const key = text(rows->key());
    if (!key.starts_with(std::string_view("\0\0\0\0", 4))) break;  // the rows by stream begin
    if (key == begin.view()) continue;
    if (!read_due_key(key, timer.at)) {
      problem("a row in the order of due times does not read");
      continue;
    }
    if (timer.at.due > until) break;
    auto const due = timer.at.due;
    stream_ref const stream{timer.at.type, timer.at.id};
    rocksdb::PinnableSlice row;
    auto const status = db_->Get(how, db_[family::timers], slice(timer_key(stream, timer.at.name).view()), &row);
    auto const read = status.ok() ? decode_timer(text(row), timer) : codec_problem::none;
    if (!status.ok() || read != codec_problem::none || timer.at.due != due) {
      problem(named(stream, timer.at.name) + ", due at " + to_rfc3339(due) + ", cannot be read: " +
              (!status.ok()                  ? status.ToString()
               : read != codec_problem::none ? std::string(describe(read))
                                             : std::string("its rows disagree")));
      continue;
    }
    if (!visit(timer)) return {};
  }
  if (!rows->status().ok()) return fail(failure_of(rows->status(), "reading timers in the order of their due times"));
  return {};
}

std::uint64_t rocksdb_journal::timers_pending() const noexcept {
  return static_cast<std::uint64_t>(std::max<std::int64_t>(pending_.load(std::memory_order_relaxed), 0));
}

}  // namespace evoke::persistence
