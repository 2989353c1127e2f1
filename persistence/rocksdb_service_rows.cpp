#include "persistence/keys.hpp"
#include "persistence/rocksdb_store.hpp"
#include "persistence/row_codec.hpp"

/// Rows that evoke's own services keep beside the events.
namespace evoke::persistence {
namespace {

struct row_place {
  family where;
  std::string_view prefix;  ///< of the keys, where others have rows there, too
};

row_place place_of(row_space space) noexcept {
  switch (space) {
    case row_space::subscriptions: return {family::subscriptions, {}};
    case row_space::catalogue: return {family::meta, kSchemaPrefix};
    case row_space::processes: break;
  }
  return {family::processes, {}};
}

std::string key_in(row_place const& place, std::string_view key) {
  return std::string(place.prefix).append(key);
}

}  // namespace

void rocksdb_journal::put_rows(rocksdb::WriteBatch& into, row_space space, std::span<row_change const> rows) const {
  auto const place = place_of(space);
  auto* const where = db_[place.where];
  wire_writer value;
  for (auto const& row : rows) {
    if (!row.value) {
      into.Delete(where, slice(key_in(place, row.key)));
      continue;
    }
    value.clear();
    encode_service_row(value, *row.value);
    into.Put(where, slice(key_in(place, row.key)), slice(value.view()));
  }
}

result<void> rocksdb_journal::write_rows(row_space space, std::span<row_change const> rows, bool synced) {
  if (failed()) return fail(errc::journal_failed, failed_reason());
  if (full_.load(std::memory_order_relaxed)) return fail(errc::storage_full, "the disk is nearly full: nothing was written");
  rocksdb::WriteBatch batch;
  put_rows(batch, space, rows);
  rocksdb::WriteOptions how;
  how.sync = synced && options_.durability == durability::disk;
  if (auto const status = db_->Write(how, &batch); !status.ok()) return fail(failure_of(status, "writing rows of a service"));
  return {};
}

result<void> rocksdb_journal::scan_rows(row_space space, row_range const& wanted, row_visitor const& visit) const {
  auto const place = place_of(space);
  auto const stem = key_in(place, wanted.prefix);
  auto const last = key_in(place, wanted.after);
  std::unique_ptr<rocksdb::Iterator> const rows(db_->NewIterator({}, db_[place.where]));
  rows->Seek(slice(std::max(stem, last)));
  if (rows->Valid() && !wanted.after.empty() && rows->key() == slice(last)) rows->Next();
  for (; rows->Valid() && text(rows->key()).starts_with(stem); rows->Next()) {
    std::string_view bytes;
    if (auto const problem = decode_service_row(text(rows->value()), bytes); problem != codec_problem::none)
      return fail(errc::corrupt, "row '" + rows->key().ToString() + "' of a service does not read: " + std::string(describe(problem)));
    if (!visit(text(rows->key()).substr(place.prefix.size()), bytes)) return {};
  }
  if (!rows->status().ok()) return fail(failure_of(rows->status(), "reading rows of a service"));
  return {};
}

}  // namespace evoke::persistence
