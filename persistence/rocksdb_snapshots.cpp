#include "persistence/rocksdb_store.hpp"
#include "persistence/row_codec.hpp"

namespace evoke::persistence {
namespace {

std::string describe_snapshot(stream_ref stream, std::uint64_t number, std::string_view why) {
  return "the snapshot of '" + std::string(stream.id) + "' at version " + std::to_string(number) + " is not used: " + std::string(why);
}

std::uint64_t bit_of(std::uint64_t type) noexcept {
  return std::uint64_t{1} << (type % 64);
}

}  // namespace

// Most types have none, many never will: a recovery of theirs is spared the look-up, which takes as long as reading a few events.
std::uint64_t find_snapshot_types(database const& db) {
  std::uint64_t found = 0;
  std::unique_ptr<rocksdb::Iterator> const rows(db->NewIterator({}, db[family::snapshots]));
  for (rows->SeekToFirst(); rows->Valid();) {
    auto const type = get_big_endian(text(rows->key()).substr(0, 4));
    found |= bit_of(type);
    if (type == 0xffffffffU) break;
    rows->Seek(slice(key_bytes{}.u32(type + 1).view()));
  }
  return rows->status().ok() ? found : ~std::uint64_t{0};  // what does not read is met again, and reported, where it is read
}

bool rocksdb_journal::has_snapshots(name_id type) const noexcept {
  return (snapshot_types_.load(std::memory_order_acquire) & bit_of(type)) != 0;
}

result<std::optional<snapshot>> rocksdb_journal::read_snapshot(stream_ref stream, version at_most, std::uint64_t shape,
                                                               std::function<void(std::string_view)> const& problem) const {
  if (!has_snapshots(stream.type)) return std::nullopt;
  auto const stem = key_bytes{}.stream(stream);
  auto const report = [&](std::string_view why) {
    if (problem) problem(why);
  };
  std::unique_ptr<rocksdb::Iterator> const rows(db_->NewIterator({}, db_[family::snapshots]));
  for (rows->Seek(slice(snapshot_key(stream, at_most).view())); rows->Valid() && text(rows->key()).starts_with(stem.view()); rows->Next()) {
    auto const number = version{~last_u64(text(rows->key()))};
    auto const skip = [&](std::string_view why) { report(describe_snapshot(stream, number.value(), why)); };
    snapshot found;
    if (auto const bad = decode_snapshot(text(rows->value()), found); bad != codec_problem::none) {
      skip(describe(bad));
      continue;
    }
    if (found.shape != shape) continue;  // of an earlier program: nothing is wrong
    stream_head at;
    auto const there = get_event(stream, number, at);
    if (!there) return fail(there.error());
    // Neither can be in a healthy store; after a cut tail the same version may have been written anew.
    if (!*there) {
      skip("the stream does not reach so far");
    } else if (found.version != number || at.position != found.position || at.time != found.time) {
      skip("it is of another event than the one that is stored");
    } else {
      return found;
    }
  }
  if (rows->status().IsCorruption()) report("reading snapshots of '" + std::string(stream.id) + "': " + rows->status().ToString());
  if (!rows->status().ok() && !rows->status().IsCorruption()) return fail(failure_of(rows->status(), "reading snapshots"));
  return std::nullopt;
}

bool rocksdb_journal::surely_no_snapshot(stream_ref stream) const {
  if (!has_snapshots(stream.type)) return true;
  auto const stem = key_bytes{}.stream(stream);
  rocksdb::ReadOptions memory;
  memory.read_tier = rocksdb::kBlockCacheTier;
  std::unique_ptr<rocksdb::Iterator> const rows(db_->NewIterator(memory, db_[family::snapshots]));
  rows->Seek(slice(stem.view()));
  return rows->status().ok() && !(rows->Valid() && text(rows->key()).starts_with(stem.view()));
}

result<void> rocksdb_journal::write_snapshot(stream_ref stream, snapshot const& state) {
  if (failed()) return fail(errc::journal_failed, failed_reason());
  if (full_.load(std::memory_order_relaxed)) return fail(errc::storage_full, "the disk is nearly full: no snapshot was written");
  snapshot_types_.fetch_or(bit_of(stream.type), std::memory_order_release);
  wire_writer value;
  encode_snapshot(value, state);
  auto const stem = key_bytes{}.stream(stream);

  std::lock_guard const lock(snapshot_guard_);
  rocksdb::WriteBatch batch;
  {
    // Newest first: of what is there, the newest other one stays.
    std::unique_ptr<rocksdb::Iterator> const rows(db_->NewIterator({}, db_[family::snapshots]));
    std::size_t others = 0;
    rows->Seek(slice(stem.view()));
    for (; others < 3 && rows->Valid() && text(rows->key()).starts_with(stem.view()); rows->Next()) {
      if (~last_u64(text(rows->key())) == state.version.value()) continue;
      if (++others > 1) batch.Delete(db_[family::snapshots], rows->key());
    }
    if (!rows->status().ok()) return fail(failure_of(rows->status(), "reading snapshots"));
  }
  batch.Put(db_[family::snapshots], slice(snapshot_key(stream, state.version).view()), slice(value.view()));
  if (auto const status = db_->Write({}, &batch); !status.ok()) return fail(failure_of(status, "writing a snapshot"));
  return {};
}

}  // namespace evoke::persistence
