#include "persistence/rocksdb_read_models.hpp"

#include "persistence/memtables.hpp"

#include <rocksdb/cache.h>
#include <rocksdb/convenience.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/rate_limiter.h>
#include <rocksdb/slice_transform.h>
#include <rocksdb/table.h>

#include <algorithm>
#include <charconv>
#include <utility>

namespace evoke::persistence {
namespace {

constexpr std::uint32_t kReadModelsFormatVersion = 1;
constexpr std::size_t kMiB = 1024 * 1024;
constexpr std::uint64_t kMaxMetaLogBytes = 4 * kMiB;
constexpr double kBloomBits = 10;
constexpr char const* kMemoryPath = "/views";

rocksdb::CompressionType cheap_compression() {
  auto const all = rocksdb::GetSupportedCompressions();
  return std::find(all.begin(), all.end(), rocksdb::kLZ4Compression) != all.end() ? rocksdb::kLZ4Compression : rocksdb::kNoCompression;
}

/// The number in a family's name; 0 for the others.
std::uint64_t number_of(std::string_view family) {
  std::uint64_t number = 0;
  if (family.starts_with('g')) std::from_chars(family.data() + 1, family.data() + family.size(), number);
  return number;
}

}  // namespace

rocksdb_read_models::rocksdb_read_models(read_models_options options)
    : options_(std::move(options)),
      threads_(std::make_unique<background_threads>(options_.env != nullptr ? options_.env : rocksdb::Env::Default())),
      env_(threads_.get()),
      cache_(rocksdb::NewLRUCache(options_.block_cache_bytes)) {
  if (options_.in_memory) {
    options_.path = kMemoryPath;
    memory_.reset(rocksdb::NewMemEnv(threads_.get()));
    env_ = memory_.get();
  }
  space_.reset(rocksdb::NewSstFileManager(env_));
  space_->SetCompactionBufferSize(options_.memtable_bytes);
}

rocksdb::ColumnFamilyOptions rocksdb_read_models::family_options() const {
  rocksdb::ColumnFamilyOptions options;
  options.write_buffer_size = std::max<std::size_t>(options_.memtable_bytes / 4, kMiB);
  options.max_write_buffer_number = 4;
  options.memtable_factory = run_memtables();  // batches come sorted, kind by kind
  options.arena_block_size = 256 * 1024;
  // A document that is not there yet is told by a filter.
  options.memtable_prefix_bloom_size_ratio = 0.05;
  options.memtable_whole_key_filtering = true;
  options.target_file_size_base = 32 * kMiB;
  options.max_bytes_for_level_base = 128 * kMiB;
  options.level_compaction_dynamic_level_bytes = true;
  options.compression = cheap_compression();
  rocksdb::BlockBasedTableOptions table;
  table.block_cache = cache_;
  table.block_size = 8 * 1024;
  table.format_version = 5;
  table.checksum = rocksdb::kXXH3;
  table.cache_index_and_filter_blocks = true;
  table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(kBloomBits));
  options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  return options;
}

rocksdb::Status rocksdb_read_models::try_open() {
  rocksdb::DBOptions options;
  options.env = env_;
  options.create_if_missing = true;
  options.allow_concurrent_memtable_write = false;  // our write buffers demand it
  options.sst_file_manager = space_;
  options.db_write_buffer_size = options_.memtable_bytes;
  options.max_total_wal_size = kMaxMetaLogBytes;
  options.avoid_flush_during_shutdown = true;  // who closes says what is flushed
  options.max_background_jobs = 2;
  options.bytes_per_sync = kMiB;
  options.skip_stats_update_on_db_open = true;
  options.stats_dump_period_sec = 0;
  options.stats_persist_period_sec = 0;
  options.keep_log_file_num = 2;
  options.max_log_file_size = 4 * kMiB;
  options.info_log_level = rocksdb::InfoLogLevel::WARN_LEVEL;
  // So that catching up cannot take the disk from the journal.
  if (options_.write_bytes_per_second > 0 && !options_.in_memory)
    options.rate_limiter.reset(rocksdb::NewGenericRateLimiter(static_cast<std::int64_t>(options_.write_bytes_per_second)));
  std::vector<std::string> names;
  if (auto const status = rocksdb::DB::ListColumnFamilies(options, options_.path.string(), &names); !status.ok()) {
    if (env_->FileExists((options_.path / "CURRENT").string()).ok()) return status;
    names = {rocksdb::kDefaultColumnFamilyName};
  }
  std::vector<rocksdb::ColumnFamilyDescriptor> families;
  for (auto const& name : names) families.emplace_back(name, family_options());
  std::vector<rocksdb::ColumnFamilyHandle*> handles;
  rocksdb::DB* db = nullptr;
  auto const status = rocksdb::DB::Open(options, options_.path.string(), families, &handles, &db);
  if (!status.ok()) return status;
  db_.reset(db);
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (names[i] == rocksdb::kDefaultColumnFamilyName)
      meta_ = handles[i];
    else
      unclaimed_.emplace(number_of(names[i]), handles[i]);
  }
  return status;
}

result<void> rocksdb_read_models::set_aside(rocksdb::Status const& why) {
  auto const aside = options_.path.string() + ".damaged";
  std::error_code problem;
  std::filesystem::remove_all(aside, problem);
  std::filesystem::rename(options_.path, aside, problem);
  if (problem) return fail(errc::io_error, "cannot set " + options_.path.string() + " aside: " + problem.message());
  std::filesystem::create_directories(options_.path, problem);
  say(log_level::warning,
      "the read models did not open and are made anew from the journal; the old files are in " + aside + " (" + why.ToString() + ")");
  auto const status = try_open();
  if (!status.ok()) return fail(failure_of(status, "cannot begin the read models in " + options_.path.string()));
  return {};
}

result<void> rocksdb_read_models::open_database() {
  if (!options_.in_memory) {
    std::error_code problem;
    std::filesystem::create_directories(options_.path, problem);
    if (problem) return fail(errc::io_error, "cannot create " + options_.path.string() + ": " + problem.message());
  }
  auto const status = try_open();
  if (status.ok()) return {};
  if (status.IsIOError()) return fail(failure_of(status, "cannot open the read models in " + options_.path.string()));
  return set_aside(status);
}

result<void> rocksdb_read_models::read_meta() {
  std::unique_ptr<rocksdb::Iterator> const at(db_->NewIterator({}, meta_));
  uuid journal;
  for (at->SeekToFirst(); at->Valid(); at->Next()) {
    auto const key = text(at->key());
    auto const value = text(at->value());
    if (key == kFormatVersionKey) {
      if (auto const found = get_big_endian(value); found > kReadModelsFormatVersion)
        return fail(errc::incompatible_store, "the read models in " + options_.path.string() + " have format " + std::to_string(found) +
                                                  "; this program reads formats up to " + std::to_string(kReadModelsFormatVersion));
    } else if (key == kStoreIdKey && value.size() == 16) {
      uuid::bytes_type bytes{};
      std::copy(value.begin(), value.end(), bytes.begin());
      journal = uuid{bytes};
    } else if (key == kLastGenerationKey) {
      last_generation_ = get_big_endian(value);
    } else if (key.starts_with(kProjectionPrefix)) {
      projection_record record;
      if (decode_projection(value, record) != codec_problem::none) {
        say(log_level::warning,
            "what is live of projection " + std::string(key.substr(kProjectionPrefix.size())) + " does not read; it is made anew");
        record = {};
      }
      records_.emplace(key.substr(kProjectionPrefix.size()), record);
    }
  }
  if (!at->status().ok()) return fail(failure_of(at->status(), "reading what is live among the read models"));
  if (journal == options_.journal) return {};
  if (!journal.is_nil())
    say(log_level::warning,
        "the read models in " + options_.path.string() + " belong to the store " + journal.str() + "; they are made anew");
  for (auto& [name, record] : records_) record.live = record.building = std::nullopt;
  for (auto const& [name, record] : std::map(records_))
    if (auto done = write_record(name, record); !done) return done;
  if (auto done = put_meta(kFormatVersionKey, key_bytes{}.u32(kReadModelsFormatVersion).view()); !done) return done;
  auto const& id = options_.journal.bytes();
  return put_meta(kStoreIdKey, {reinterpret_cast<char const*>(id.data()), id.size()});
}

result<bool> rocksdb_read_models::fits(generation_identity const& which) {
  auto const family = unclaimed_.find(which.number);
  if (family == unclaimed_.end()) return false;
  rocksdb::PinnableSlice value;
  checkpoint_row checkpoint;
  auto const status = db_->Get({}, family->second, slice(kind_key(row_kind::checkpoint).view()), &value);
  if (!status.ok() && !status.IsNotFound() && !status.IsCorruption()) return fail(failure_of(status, "reading a read model's checkpoint"));
  std::string why;
  if (status.IsCorruption())
    why = "does not read: " + status.ToString();
  else if (auto const problem = status.ok() ? decode_checkpoint(text(value), checkpoint) : codec_problem::none;
           problem != codec_problem::none)
    why = "does not read: " + std::string(describe(problem));
  else if (checkpoint.at > options_.head)
    why = "is at position " + std::to_string(checkpoint.at.value()) + ", beyond the end of the journal";
  if (why.empty()) return true;
  say(log_level::warning, "generation " + std::to_string(which.number) + " of a read model " + why + "; it is made anew");
  return false;
}

result<void> rocksdb_read_models::forget_what_does_not_fit() {
  for (auto const& [name, record] : std::map(records_)) {
    auto now = record;
    for (auto* each : {&now.live, &now.building}) {
      if (!*each) continue;
      auto good = fits(**each);
      if (!good) return fail(good.error());
      if (!*good) *each = std::nullopt;
    }
    if (now != record)
      if (auto done = write_record(name, now); !done) return done;
  }
  // What no record names does not fit, or was begun or replaced just before a crash.
  std::map<std::uint64_t, bool> named;
  for (auto const& [name, record] : records_)
    for (auto const& each : {record.live, record.building})
      if (each) named[each->number] = true;
  for (auto at = unclaimed_.begin(); at != unclaimed_.end();) {
    if (named.contains(at->first)) {
      ++at;
      continue;
    }
    db_->DropColumnFamily(at->second).PermitUncheckedError();
    db_->DestroyColumnFamilyHandle(at->second).PermitUncheckedError();
    at = unclaimed_.erase(at);
  }
  return {};
}

result<void> rocksdb_read_models::start() {
  if (auto done = open_database(); !done) return done;
  if (auto done = read_meta(); !done) return done;
  return forget_what_does_not_fit();
}

result<std::unique_ptr<read_models>> read_models::open(read_models_options options) {
  auto made = std::make_unique<rocksdb_read_models>(std::move(options));
  if (auto started = made->start(); !started) return fail(started.error());
  return made;
}

}  // namespace evoke::persistence
