#include "persistence/rocksdb_store.hpp"
#include "persistence/row_codec.hpp"

namespace evoke::persistence {

result<command_lookup> rocksdb_journal::find_command(stream_ref stream, std::string_view key, tier how_far) const {
  rocksdb::ReadOptions how;
  if (how_far == tier::memory) how.read_tier = rocksdb::kBlockCacheTier;
  rocksdb::PinnableSlice value;
  auto const status = db_->Get(how, db_[family::commands], slice(command_key(stream, key).view()), &value);
  if (status.IsNotFound()) return command_lookup{};
  if (status.IsIncomplete()) return command_lookup{lookup_end::not_in_memory, {}};
  if (!status.ok()) return fail(failure_of(status, "looking for an idempotency key of '" + std::string(stream.id) + "'"));
  command_lookup found{lookup_end::found, {}};
  if (auto const problem = decode_command(text(value), found.record); problem != codec_problem::none)
    return fail(errc::corrupt,
                "an idempotency record of '" + std::string(stream.id) + "' does not read: " + std::string(describe(problem)));
  if (!is_internal_key(key) && found.record.time < expiry_->now() - options_.idempotency_expiry) return command_lookup{};
  return found;
}

result<std::vector<timer_change>> rocksdb_journal::timers_of(stream_ref stream) const {
  auto const stem = key_bytes{}.stream(stream);
  std::unique_ptr<rocksdb::Iterator> const rows(db_->NewIterator({}, db_[family::timers]));
  std::vector<timer_change> out;
  for (rows->Seek(slice(stem.view())); rows->Valid() && text(rows->key()).starts_with(stem.view()); rows->Next()) {
    timer_change timer;
    timer.name = text(rows->key()).substr(stem.size());
    if (auto const problem = decode_timer(text(rows->value()), timer); problem != codec_problem::none)
      return fail(errc::corrupt, "a timer of '" + std::string(stream.id) + "' does not read: " + std::string(describe(problem)));
    out.push_back(std::move(timer));
  }
  if (!rows->status().ok()) return fail(failure_of(rows->status(), "reading timers"));
  return out;
}

}  // namespace evoke::persistence
