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

}  // namespace evoke::persistence
