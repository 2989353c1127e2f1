#include "persistence/rocksdb_schema.hpp"

#include "persistence/expiry_filter.hpp"
#include "persistence/memtables.hpp"

#include <rocksdb/cache.h>
#include <rocksdb/convenience.h>
#include <rocksdb/env.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/slice_transform.h>
#include <rocksdb/table.h>

#include <algorithm>
#include <utility>

namespace evoke::persistence {
namespace {

constexpr std::uint64_t kMiB = 1024 * 1024;
constexpr std::uint64_t kMaxWalBytes = 128 * kMiB;  // what a restart replays at most
constexpr double kBloomBits = 10;                   // ~1 % false positives
constexpr std::size_t kEventBytesGuess = 512;       // only sizes the hash table of the write buffer
constexpr std::uint64_t kDaySeconds = 24ULL * 3600;

/// A key of `events` without its version: what all events of a stream share.
class stream_prefix final : public rocksdb::SliceTransform {
 public:
  [[nodiscard]] char const* Name() const override { return "evoke.stream"; }
  [[nodiscard]] rocksdb::Slice Transform(rocksdb::Slice const& key) const override { return {key.data(), key.size() - kVersionBytes}; }
  [[nodiscard]] bool InDomain(rocksdb::Slice const& key) const override { return key.size() > kVersionBytes; }

 private:
  static constexpr std::size_t kVersionBytes = 8;
};

bool supports(rocksdb::CompressionType wanted) {
  auto const all = rocksdb::GetSupportedCompressions();
  return std::find(all.begin(), all.end(), wanted) != all.end();
}

/// The cheap one while data moves, the dense one where it comes to rest.
void compress(rocksdb::ColumnFamilyOptions& options) {
  options.compression = supports(rocksdb::kLZ4Compression) ? rocksdb::kLZ4Compression : rocksdb::kNoCompression;
  options.bottommost_compression = supports(rocksdb::kZSTD) ? rocksdb::kZSTD : rocksdb::kDisableCompressionOption;
}

class silent_log final : public rocksdb::Logger {
 public:
  using rocksdb::Logger::Logv;
  void Logv(char const*, va_list) override {}
};

rocksdb::BlockBasedTableOptions table_options(std::shared_ptr<rocksdb::Cache> const& cache, std::size_t block_bytes) {
  rocksdb::BlockBasedTableOptions table;
  table.block_cache = cache;
  table.block_size = block_bytes;
  table.format_version = 5;
  table.checksum = rocksdb::kXXH3;
  // In the cache, so that memory does not grow with the store; pinned, so that a look-up in memory can say "absent".
  table.cache_index_and_filter_blocks = true;
  table.metadata_cache_options.top_level_index_pinning = rocksdb::PinningTier::kAll;
  table.metadata_cache_options.partition_pinning = rocksdb::PinningTier::kAll;
  table.metadata_cache_options.unpartitioned_pinning = rocksdb::PinningTier::kAll;
  return table;
}

/// Of a hash write buffer: about one for each row it will hold when the families are flushed; `share` says how small a part of them that
/// is.
std::size_t buckets(schema_settings const& settings, std::size_t share) {
  return std::max<std::size_t>(settings.memtable_bytes / (2 * kEventBytesGuess * share), 1024);
}

rocksdb::ColumnFamilyOptions base_options(schema_settings const& settings) {
  rocksdb::ColumnFamilyOptions options;
  // Never what triggers a flush: all families together are bounded (db_write_buffer_size) and flushed at once. A family's own bound would
  // only be met while a restart replays the log, and make it write tables before it serves.
  options.write_buffer_size = std::max<std::size_t>(4 * settings.memtable_bytes, kMiB);
  options.max_write_buffer_number = 3;
  options.memtable_factory = sorted_memtables();
  options.arena_block_size = 64 * 1024;  // most families hold little: a default block each would be megabytes of nothing
  options.target_file_size_base = 64 * kMiB;
  options.max_bytes_for_level_base = 256 * kMiB;
  options.level_compaction_dynamic_level_bytes = true;
  options.max_compaction_bytes = 512 * kMiB;  // input and output lie side by side for a while: no more than this is needed for it
  compress(options);
  return options;
}

rocksdb::ColumnFamilyOptions options_of(family which, schema_settings const& settings, std::shared_ptr<rocksdb::Cache> const& cache) {
  auto options = base_options(settings);
  auto table = table_options(cache, 8 * 1024);
  switch (which) {
    case family::events: {
      // Random keys: a hash table of short ordered lists costs half of one large ordered list. Tall enough for one hot stream.
      options.prefix_extractor = std::make_shared<stream_prefix>();
      options.memtable_factory = hashed_memtables(buckets(settings, 1), 10);
      options.arena_block_size = kMiB;
      table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(kBloomBits));
      table.whole_key_filtering = false;  // by stream: that is what reading a stream asks
      break;
    }
    case family::log:
      options.arena_block_size = kMiB;
      table.block_size = 32 * 1024;
      break;
    case family::commands:
      options.prefix_extractor.reset(rocksdb::NewNoopTransform());
      options.memtable_factory = hashed_memtables(buckets(settings, 8), 4);
      options.arena_block_size = 256 * 1024;
      table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(kBloomBits));
      if (settings.expiry) {
        options.compaction_filter_factory = std::make_shared<expiry_filter_factory>(settings.expiry, settings.idempotency_expiry);
        options.periodic_compaction_seconds = kDaySeconds;  // else what nobody writes to would never be dropped
      }
      break;
    case family::streams:
    case family::timers:  // a look-up before each change: mostly for what is not there yet
    case family::event_ids: table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(kBloomBits)); break;
    case family::meta:
    case family::postings:
    case family::links:
    case family::snapshots:
    case family::subscriptions:
    case family::processes: break;
  }
  options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  return options;
}

}  // namespace

std::string const& name_of(family which) {
  static std::array<std::string, kFamilyCount> const names = {rocksdb::kDefaultColumnFamilyName,
                                                              "events",
                                                              "log",
                                                              "streams",
                                                              "postings",
                                                              "links",
                                                              "event_ids",
                                                              "snapshots",
                                                              "commands",
                                                              "timers",
                                                              "subscriptions",
                                                              "processes"};
  return names[static_cast<std::size_t>(which)];
}

rocksdb::DBOptions database_options(schema_settings const& settings) {
  rocksdb::DBOptions options;
  if (settings.env != nullptr) options.env = settings.env;
  options.sst_file_manager = settings.space;
  options.allow_concurrent_memtable_write = false;  // our write buffers demand it, and there is one writer
  // All families are flushed together: whatever happens to the write-ahead log, they are of one moment and cannot disagree.
  options.atomic_flush = true;
  options.db_write_buffer_size = settings.memtable_bytes;
  options.max_total_wal_size = kMaxWalBytes;
  options.avoid_flush_during_recovery = true;  // a restart reads the log and writes nothing
  options.max_open_files = -1;                 // filters are pinned per open file
  options.max_background_jobs = 2;
  options.bytes_per_sync = kMiB;  // otherwise a compaction's dirty pages delay the log's sync
  options.skip_stats_update_on_db_open = true;
  options.stats_dump_period_sec = 0;
  options.stats_persist_period_sec = 0;
  options.keep_log_file_num = 4;
  options.max_log_file_size = 16 * kMiB;
  options.info_log_level = rocksdb::InfoLogLevel::WARN_LEVEL;
  return options;
}

std::vector<rocksdb::ColumnFamilyDescriptor> column_families(schema_settings const& settings) {
  auto const cache = rocksdb::NewLRUCache(settings.block_cache_bytes);
  std::vector<rocksdb::ColumnFamilyDescriptor> all;
  for (std::size_t i = 0; i < kFamilyCount; ++i) {
    auto const which = static_cast<family>(i);
    all.emplace_back(name_of(which), options_of(which, settings, cache));
  }
  return all;
}

database::database(database&& other) noexcept
    : kept_(std::move(other.kept_)), db_(std::move(other.db_)), handles_(std::exchange(other.handles_, {})) {}

database& database::operator=(database&& other) noexcept {
  std::swap(kept_, other.kept_);
  std::swap(db_, other.db_);
  std::swap(handles_, other.handles_);
  return *this;
}

database::~database() {
  close();
}

rocksdb::Status database::open(std::filesystem::path const& path, schema_settings const& settings, bool create,
                               rocksdb::WALRecoveryMode mode, bool keep_memtables, database& out) {
  auto options = database_options(settings);
  options.create_if_missing = create;
  options.create_missing_column_families = true;  // one that was dropped to be made anew (make_anew)
  options.wal_recovery_mode = mode;
  options.avoid_flush_during_recovery = keep_memtables;
  auto kept = std::make_shared<kept_iterators>();
  options.listeners.push_back(kept);
  std::vector<rocksdb::ColumnFamilyHandle*> handles;
  rocksdb::DB* db = nullptr;
  auto const status = rocksdb::DB::Open(options, path.string(), column_families(settings), &handles, &db);
  if (!status.ok()) return status;
  out.kept_ = std::move(kept);
  out.db_.reset(db);
  std::copy(handles.begin(), handles.end(), out.handles_.begin());
  return status;
}

rocksdb::Status database::look(std::filesystem::path const& path, schema_settings const& settings, database& out) {
  auto options = database_options(settings);
  options.wal_recovery_mode = rocksdb::WALRecoveryMode::kPointInTimeRecovery;
  options.info_log = std::make_shared<silent_log>();  // otherwise it would leave a file
  std::vector<rocksdb::ColumnFamilyHandle*> handles;
  rocksdb::DB* db = nullptr;
  auto const status = rocksdb::DB::OpenForReadOnly(options, path.string(), column_families(settings), &handles, &db);
  if (!status.ok()) return status;
  out.db_.reset(db);
  std::copy(handles.begin(), handles.end(), out.handles_.begin());
  return status;
}

rocksdb::Status database::make_anew(family which, schema_settings const& settings) {
  auto& handle = handles_[static_cast<std::size_t>(which)];
  auto status = db_->DropColumnFamily(handle);
  if (!status.ok()) return status;
  status = db_->DestroyColumnFamilyHandle(std::exchange(handle, nullptr));
  if (!status.ok()) return status;
  return db_->CreateColumnFamily(column_families(settings)[static_cast<std::size_t>(which)].options, name_of(which), &handle);
}

rocksdb::Status database::close() noexcept {
  if (!db_) return {};
  if (kept_) kept_->clear();
  for (auto* handle : handles_)
    if (handle != nullptr) db_->DestroyColumnFamilyHandle(handle).PermitUncheckedError();
  handles_ = {};
  auto status = db_->Close();
  db_.reset();
  return status;
}

failure failure_of(rocksdb::Status const& status, std::string_view doing) {
  auto const code = status.IsCorruption() ? errc::corrupt : errc::io_error;
  return {code, std::string(doing) + ": " + status.ToString(), {}, {}, {}};
}

}  // namespace evoke::persistence
