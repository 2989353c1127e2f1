#include "persistence/rocksdb_generation.hpp"

#include <rocksdb/perf_level.h>

namespace evoke::persistence {

failure corrupt_row(std::string_view kind, codec_problem problem) {
  return {
      errc::corrupt, "the stored " + std::string(kind) + " of a read model does not read: " + std::string(describe(problem)), {}, {}, {}};
}

void rocksdb_generation_batch::put_document(std::string_view key, document_row const& row) {
  value_.clear();
  encode_document(value_, row);
  put(document_key(key));
}

void rocksdb_generation_batch::put_index(std::size_t index, std::string_view sort_key, std::string_view key) {
  value_.clear();
  encode_index(value_, sort_key.size());
  put(index_key(index, sort_key, key));
}

void rocksdb_generation_batch::put_change(change_row const& row) {
  value_.clear();
  encode_change(value_, row);
  put(change_key(row.noted, row.key));
}

void rocksdb_generation_batch::put_letter(letter_row const& row) {
  value_.clear();
  encode_letter(value_, row);
  put(letter_key(row.at));
  value_.clear();
  put(row_key(row.type, row.id, row.at));
}

void rocksdb_generation_batch::remove_letter(letter_row const& row) {
  remove(letter_key(row.at));
  remove(row_key(row.type, row.id, row.at));
}

void rocksdb_generation_batch::put_blocked(std::string_view type, std::string_view id, blocked_row const& row) {
  value_.clear();
  encode_blocked(value_, row);
  put(blocked_key(type, id));
}

void rocksdb_generation_batch::put_checkpoint(checkpoint_row const& row) {
  value_.clear();
  encode_checkpoint(value_, row);
  put(kind_key(row_kind::checkpoint));
}

rocksdb_generation::~rocksdb_generation() {
  db_.DestroyColumnFamilyHandle(family_).PermitUncheckedError();
}

result<void> rocksdb_generation::commit(generation_batch& rows) {
  if (room_)
    if (auto room = room_(); !room) return room;
  // Nobody reads these counters, and counting each comparison of a key was a tenth of a write. Of this thread.
  rocksdb::SetPerfLevel(rocksdb::PerfLevel::kDisable);
  rocksdb::WriteOptions how;
  // Without a log the family as a whole goes back to its last flush after a crash: that is what keeps it consistent with itself.
  how.disableWAL = true;
  auto const status = db_.Write(how, &static_cast<rocksdb_generation_batch&>(rows).rows());
  if (!status.ok()) return fail(failure_of(status, "writing a read model"));
  return {};
}

result<void> rocksdb_generation::flush() {
  rocksdb::FlushOptions how;
  how.allow_write_stall = true;
  if (auto const status = db_.Flush(how, family_); !status.ok()) return fail(failure_of(status, "flushing a read model"));
  return {};
}

void rocksdb_generation::begin_flush() {
  rocksdb::FlushOptions how;
  how.wait = false;
  db_.Flush(how, family_).PermitUncheckedError();
}

std::unique_ptr<generation_view> rocksdb_generation::look() const {
  return std::make_unique<rocksdb_generation_view>(shared_from_this());
}

result<std::optional<document_row>> rocksdb_generation::document(std::string_view key) const {
  rocksdb::PinnableSlice value;
  auto const status = db_.Get({}, family_, slice(document_key(key).view()), &value);
  if (status.IsNotFound()) return std::nullopt;
  if (!status.ok()) return fail(failure_of(status, "reading a read model"));
  document_row row;
  if (auto const problem = decode_document(text(value), row); problem != codec_problem::none) return fail(corrupt_row("document", problem));
  return row;
}

}  // namespace evoke::persistence
