#include "persistence/log_cursor.hpp"

#include "persistence/keys.hpp"

namespace evoke::persistence {

log_cursor::log_cursor(database const& db, verify how) : rows_(db->NewIterator({}, db[family::log])), how_(how) {}

result<void> log_cursor::seek(position at) {
  if (valid_ && group_.first() <= at && at <= group_.last()) return {};
  rows_->SeekForPrev(slice(log_key(at).view()));
  return read(at);
}

result<void> log_cursor::next() {
  auto const wanted = group_.last().next();
  rows_->Next();
  return read(wanted);
}

result<void> log_cursor::read(position wanted) {
  valid_ = false;
  if (!rows_->status().ok()) return fail(failure_of(rows_->status(), "reading the log at position " + std::to_string(wanted.value())));
  if (!rows_->Valid()) return fail(corrupt_group(wanted, "it is not there"));
  auto const problem = group_view::read(text(rows_->value()), how_, group_);
  if (problem != codec_problem::none) return fail(corrupt_group(position{last_u64(text(rows_->key()))}, describe(problem)));
  if (group_.first().value() != last_u64(text(rows_->key())) || wanted < group_.first() || group_.last() < wanted)
    return fail(corrupt_group(wanted, "it is not there"));
  valid_ = true;
  return {};
}

failure corrupt_group(position at, std::string_view why) {
  return {errc::corrupt, "the log's group at position " + std::to_string(at.value()) + " does not read: " + std::string(why), {}, {}, {}};
}

}  // namespace evoke::persistence
