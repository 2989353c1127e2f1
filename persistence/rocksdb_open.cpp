#include "persistence/rocksdb_recovery.hpp"
#include "persistence/rocksdb_store.hpp"
#include "persistence/row_codec.hpp"
#include "persistence/store_identity.hpp"
#include "persistence/zeroed_log_files.hpp"

#include <fcntl.h>
#include <rocksdb/env.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <system_error>
#include <utility>

namespace evoke::persistence {
namespace {

constexpr std::size_t kRecentStreams = 262'144;  // 4 MiB when full

/// nullptr = the operating system's. Zeros ahead of the log pay where each group is synced.
rocksdb::Env* files_of(rocksdb_options const& options) {
  if (options.env != nullptr || options.durability != durability::disk) return options.env;
  return zeroed_log_env();
}

/// Opening, step by step. Each step returns the failure that open_rocksdb_journal documents.
class opening {
 public:
  explicit opening(rocksdb_options& options)
      : options_(options), paths_(options.path), boot_(options.boot_id ? *options.boot_id : current_boot_id()) {
    auto const& time = options.clock != nullptr ? *options.clock : system_clock();
    store_.expiry = std::make_shared<expiry_clock>(time);
    store_.names = std::make_unique<name_table>();
    settings_ = {options.memtable_bytes, options.block_cache_bytes, files_of(options), options.idempotency_expiry, store_.expiry, nullptr};
  }

  result<opened_store> run() {
    if (auto done = take_directory(); !done) return fail(done.error());
    if (auto done = read_mark(); !done) return fail(done.error());
    if (auto done = check_files(); !done) return fail(done.error());
    if (auto done = open_database(); !done) return fail(done.error());
    if (auto done = read_meta(); !done) return fail(done.error());
    if (auto done = check_content(); !done) return fail(done.error());
    if (auto done = check_timers(); !done) return fail(done.error());
    if (auto done = begin_mark(); !done) return fail(done.error());
    return std::move(store_);
  }

 private:
  result<void> take_directory();
  result<void> read_mark();
  result<void> check_files();
  result<void> open_database();
  result<void> cut_tail(rocksdb::Status const& refused);
  result<void> read_meta();
  result<void> write_new_meta();
  result<void> read_names();
  result<void> check_content();
  result<void> check_timers();
  result<void> begin_mark();

  [[nodiscard]] result<void> check_store_id(uuid const& found) const;
  [[nodiscard]] result<void> judge(position head, std::uint64_t sequence);
  [[nodiscard]] bool loss_accepted(position head) const;
  void log(log_level level, std::string const& line) const {
    if (options_.log) options_.log(level, line);
  }

  rocksdb_options& options_;
  store_paths paths_;
  uuid boot_;
  schema_settings settings_;
  opened_store store_;
  std::optional<high_water_mark> mark_;
  std::string mark_problem_;
  bool exists_ = false;     ///< there is a database
  bool accepted_ = false;   ///< the operator has accepted a loss
  bool shortened_ = false;  ///< the store ends earlier than it once did
};

result<void> opening::take_directory() {
  if (options_.path.empty()) return fail(errc::invalid_argument, "the store needs a directory");
  std::error_code problem;
  std::filesystem::create_directories(paths_.database, problem);
  if (problem) return fail(errc::io_error, "cannot create " + paths_.database.string() + ": " + problem.message());
  auto lock = store_lock::take(paths_.lock);
  if (!lock) return fail(lock.error());
  store_.lock = std::move(*lock);
  return {};
}

result<void> opening::check_store_id(uuid const& found) const {
  if (options_.expected_store_id.empty()) return {};
  auto const expected = uuid::parse(options_.expected_store_id);
  if (!expected) return fail(errc::invalid_argument, "the expected store id '" + options_.expected_store_id + "' is not a UUID");
  if (*expected == found) return {};
  return fail(errc::incompatible_store, paths_.root.string() + " holds the store " + found.str() + ", expected was " + expected->str());
}

result<void> opening::read_mark() {
  auto found = mark_file::read(paths_.mark);
  if (!found && found.error().code != errc::corrupt) return fail(found.error());
  if (!found) {
    mark_problem_ = found.error().message;
    return {};
  }
  mark_ = *found;
  if (!mark_) {
    mark_problem_ = "the mark file " + paths_.mark.string() + " is missing";
    return {};
  }
  if (mark_->format_version > kStoreFormatVersion)
    return fail(errc::incompatible_store, "the store in " + paths_.root.string() + " has format " + std::to_string(mark_->format_version) +
                                              "; this program reads formats up to " + std::to_string(kStoreFormatVersion));
  return check_store_id(mark_->store);
}

result<void> opening::check_files() {
  exists_ = std::filesystem::exists(paths_.database / "CURRENT");
  std::error_code problem;
  bool has_data = false;
  for (std::filesystem::directory_iterator at(paths_.database, problem), end; !problem && at != end; at.increment(problem)) {
    auto const kind = at->path().extension();
    if (kind != ".log" && kind != ".sst") continue;
    has_data = true;
    if (kind != ".log") continue;
    // What a killed process left in the system's hands is not on the disk yet, and the engine syncs only what it writes itself.
    int const file = ::open(at->path().c_str(), O_RDONLY | O_CLOEXEC);
    int const synced = file < 0 ? -1 : ::fdatasync(file);
    int const code = errno;
    if (file >= 0) ::close(file);
    if (synced != 0) return fail(errc::io_error, "cannot sync " + at->path().string() + ": " + std::system_category().message(code));
  }
  if (problem) return fail(errc::io_error, "cannot read " + paths_.database.string() + ": " + problem.message());
  if (!exists_ && (has_data || (mark_ && mark_->written_sequence > 0)))
    return fail(errc::data_lost,
                "the database in " + paths_.database.string() + " is gone or cannot be entered (no file CURRENT there), but " +
                    (mark_ ? std::to_string(mark_->written.value()) + " events were acknowledged" : std::string("it holds data")) +
                    ". Restore the whole directory from a backup");
  disk_guard guard(paths_.root, paths_.ballast, required_free_bytes(options_), options_.free_disk_bytes);
  if (auto room = guard.check_open(); !room) return room;
  auto* const env = settings_.env != nullptr ? settings_.env : rocksdb::Env::Default();
  store_.space.reset(rocksdb::NewSstFileManager(env));
  store_.space->SetCompactionBufferSize(options_.memtable_bytes);
  limit_space(*store_.space, guard);
  settings_.space = store_.space;
  return {};
}

result<void> opening::open_database() {
  // Until the mark exists, creation may have been interrupted anywhere: it is simply taken up again.
  auto const status = database::open(paths_.database, settings_, !mark_.has_value(),
                                     rocksdb::WALRecoveryMode::kTolerateCorruptedTailRecords, true, store_.db);
  if (status.ok()) return {};
  if (status.IsCorruption()) return cut_tail(status);
  if (status.IsInvalidArgument() && exists_)
    return fail(errc::incompatible_store,
                "the database in " + paths_.database.string() + " has another layout than this program knows: " + status.ToString());
  return fail(failure_of(status, "cannot open " + paths_.database.string()));
}

/// The write-ahead log is damaged. If everything that was acknowledged lies before the damage, what lies behind was never promised: it is
/// cut off. Looking comes first and changes nothing.
result<void> opening::cut_tail(rocksdb::Status const& refused) {
  {
    database seen;
    auto const status = database::look(paths_.database, settings_, seen);
    if (!status.ok())
      return fail(errc::corrupt, "the database in " + paths_.database.string() + " does not open: " + refused.ToString() +
                                     ". Restore the whole directory from a backup");
    auto const end = read_log_end(seen);
    if (!end) return fail(end.error());
    if (auto judged = judge(end->head, seen->GetLatestSequenceNumber()); !judged) return judged;
  }
  {
    database cut;
    auto const status = database::open(paths_.database, settings_, false, rocksdb::WALRecoveryMode::kPointInTimeRecovery, false, cut);
    if (!status.ok()) return fail(failure_of(status, "cannot cut the damaged end of " + paths_.database.string()));
  }
  auto const status =
      database::open(paths_.database, settings_, false, rocksdb::WALRecoveryMode::kTolerateCorruptedTailRecords, true, store_.db);
  if (!status.ok()) return fail(failure_of(status, "cannot open " + paths_.database.string()));
  shortened_ = true;
  log(log_level::warning,
      "the journal's write-ahead log was damaged behind everything acknowledged; the damaged end was cut off (" + refused.ToString() + ")");
  return {};
}

result<void> opening::read_meta() {
  std::string format;
  std::string id;
  auto const format_status = store_.db->Get({}, store_.db[family::meta], slice(kFormatVersionKey), &format);
  auto const id_status = store_.db->Get({}, store_.db[family::meta], slice(kStoreIdKey), &id);
  if (format_status.IsNotFound() && id_status.IsNotFound()) {
    // A new store, or one that has lost everything since it was new.
    auto const end = read_log_end(store_.db);
    if (!end) return fail(end.error());
    if (auto judged = judge(end->head, store_.db->GetLatestSequenceNumber()); !judged) return judged;
    if (auto written = write_new_meta(); !written) return written;
  } else {
    wire_reader version(format);
    auto const found = version.get_u32();
    if (!format_status.ok() || !id_status.ok() || !version.at_end() || id.size() != 16)
      return fail(errc::corrupt, "the store in " + paths_.root.string() + " does not say what it is");
    if (found > kStoreFormatVersion)
      return fail(errc::incompatible_store, "the store in " + paths_.root.string() + " has format " + std::to_string(found) +
                                                "; this program reads formats up to " + std::to_string(kStoreFormatVersion));
    uuid::bytes_type bytes{};
    std::memcpy(bytes.data(), id.data(), bytes.size());
    store_.state.store = uuid{bytes};
  }
  if (mark_ && mark_->store != store_.state.store)
    return fail(errc::incompatible_store, "the mark file in " + paths_.root.string() + " belongs to the store " + mark_->store.str() +
                                              ", the database is " + store_.state.store.str());
  if (auto checked = check_store_id(store_.state.store); !checked) return checked;
  return read_names();
}

result<void> opening::write_new_meta() {
  store_.state.store = options_.new_store_id.is_nil() ? new_store_id() : options_.new_store_id;
  if (mark_) store_.state.store = mark_->store;
  wire_writer format;
  format.ensure(4);
  format.put_u32(kStoreFormatVersion);
  auto const& id = store_.state.store.bytes();
  rocksdb::WriteBatch batch;
  batch.Put(store_.db[family::meta], slice(kFormatVersionKey), slice(format.view()));
  batch.Put(store_.db[family::meta], slice(kStoreIdKey), rocksdb::Slice(reinterpret_cast<char const*>(id.data()), id.size()));
  mark_timers_whole(store_.db, batch);
  rocksdb::WriteOptions how;
  how.sync = true;
  if (auto const status = store_.db->Write(how, &batch); !status.ok()) return fail(failure_of(status, "writing a new store"));
  return {};
}

result<void> opening::read_names() {
  std::unique_ptr<rocksdb::Iterator> const rows(store_.db->NewIterator({}, store_.db[family::meta]));
  for (rows->Seek(slice(kNamePrefix)); rows->Valid() && text(rows->key()).starts_with(kNamePrefix); rows->Next()) {
    auto const key = text(rows->key()).substr(kNamePrefix.size());
    auto const kind = key.size() == 5 ? static_cast<name_kind>(key[0]) : name_kind{};
    bool const known = kind == name_kind::aggregate_type || kind == name_kind::event_type || kind == name_kind::raw_type;
    if (!known || !store_.names->restore(kind, static_cast<name_id>(get_big_endian(key.substr(1))), text(rows->value())))
      return fail(errc::corrupt, "the stored names of " + paths_.root.string() + " contradict each other");
  }
  if (!rows->status().ok()) return fail(failure_of(rows->status(), "reading names"));
  return {};
}

bool opening::loss_accepted(position head) const {
  std::ifstream in(paths_.acceptance);
  std::uint64_t named = 0;
  return static_cast<bool>(in >> named) && named == head.value();
}

result<void> opening::judge(position head, std::uint64_t sequence) {
  if (!mark_ && head == position{}) return {};
  auto const missing = mark_ ? missing_between({head, sequence}, acknowledged_reach(*mark_, boot_))
                             : mark_problem_ + ", so it cannot be told whether something is missing";
  if (!missing) return {};
  auto const what = "the store in " + paths_.root.string() + " ends at position " + std::to_string(head.value()) + ": " + *missing;
  if (loss_accepted(head)) {
    if (!accepted_) log(log_level::warning, what + "; accepted by " + paths_.acceptance.string());
    accepted_ = shortened_ = true;
    return {};
  }
  return fail(errc::data_lost, what + ". Restore the whole directory from a backup; or, to go on with what is there, create the file " +
                                   paths_.acceptance.string() + " holding the number " + std::to_string(head.value()));
}

result<void> opening::check_content() {
  auto const end = read_log_end(store_.db);
  if (!end) return fail(end.error());
  if (auto judged = judge(end->head, store_.db->GetLatestSequenceNumber()); !judged) return judged;
  if (auto verified = verify_tail(store_.db, end->head); !verified) return verified;
  store_.state.written = store_.state.synced = end->head;
  store_.last_commit = end->commit_time;
  if (end->head == position{}) {
    store_.expiry->start();
  } else {
    store_.expiry->start(end->commit_time);
  }
  if (!shortened_) return {};
  auto const purged = purge_snapshots_above_head(store_.db);
  if (!purged) return fail(purged.error());
  if (*purged > 0) log(log_level::info, std::to_string(*purged) + " snapshots above the end of their streams were deleted");
  return {};
}

result<void> opening::check_timers() {
  auto const whole = timers_are_whole(store_.db);
  if (!whole) return fail(whole.error());
  std::error_code ignored;
  bool const asked_for = std::filesystem::exists(paths_.new_timers, ignored);
  if (*whole && !asked_for) return {};
  auto const set = rebuild_timers(store_.db, settings_, store_.state.store, store_.state.written);
  if (!set) return fail(set.error());
  store_.timers = *set;
  log(log_level::info, "the timers of " + paths_.root.string() + " were made anew from the log: " + std::to_string(*set) + " are set");
  std::filesystem::remove(paths_.new_timers, ignored);
  return {};
}

result<void> opening::begin_mark() {
  auto file = mark_file::open(paths_.mark);
  if (!file) return fail(file.error());
  store_.mark = std::move(*file);
  auto& state = store_.state;
  state.format_version = kStoreFormatVersion;
  state.durability = options_.durability;
  state.boot = boot_;
  // All of it is on the disk: the log files were synced before opening, table files are when they are finished.
  state.written_sequence = state.synced_sequence = store_.db->GetLatestSequenceNumber();
  if (auto done = store_.mark.write(state); !done) return done;
  if (auto done = store_.mark.sync(); !done) return done;
  std::error_code ignored;
  if (accepted_) std::filesystem::remove(paths_.acceptance, ignored);
  log(log_level::info, "journal " + state.store.str() + " opened at position " + std::to_string(state.written.value()));
  return {};
}

}  // namespace

namespace {

/// Two rows a timer.
std::int64_t estimate_timers(database const& db) {
  std::uint64_t rows = 0;
  if (!db->GetIntProperty(db[family::timers], rocksdb::DB::Properties::kEstimateNumKeys, &rows)) return 0;
  return static_cast<std::int64_t>(rows / 2);
}

}  // namespace

rocksdb_journal::rocksdb_journal(rocksdb_options options, opened_store store)
    : options_(std::move(options)),
      lock_(std::move(store.lock)),
      db_(std::move(store.db)),
      mark_(std::move(store.mark)),
      names_(std::move(store.names)),
      store_id_(store.state.store),
      expiry_(std::move(store.expiry)),
      space_(std::move(store.space)),
      head_(store.state.written.value()),
      pending_(store.timers ? static_cast<std::int64_t>(*store.timers) : estimate_timers(db_)),
      snapshot_types_(find_snapshot_types(db_)),
      state_(store.state),
      last_commit_(store.last_commit),
      guard_(options_.path, store_paths(options_.path).ballast, required_free_bytes(options_), options_.free_disk_bytes),
      versions_(kRecentStreams) {}

rocksdb_journal::~rocksdb_journal() {
  static_cast<void>(rocksdb_journal::close());
}

storage_memory rocksdb_journal::memory() const {
  storage_memory held;
  if (!db_) return held;
  static_cast<void>(db_->GetAggregatedIntProperty(rocksdb::DB::Properties::kSizeAllMemTables, &held.write_buffers));
  static_cast<void>(db_->GetIntProperty(rocksdb::DB::Properties::kBlockCacheUsage, &held.block_cache));  // all families share one
  return held;
}

result<void> rocksdb_journal::close() {
  if (!db_) return {};
  auto const marked = failed() ? result<void>(fail(errc::journal_failed, failed_reason())) : sync_mark();
  auto const status = db_.close();
  lock_.release();
  if (!marked) return marked;
  if (!status.ok()) return fail(failure_of(status, "closing the journal"));
  return {};
}

result<std::unique_ptr<journal>> open_rocksdb_journal(rocksdb_options options) {
  auto store = opening(options).run();
  if (!store) return fail(store.error());
  return std::make_unique<rocksdb_journal>(std::move(options), std::move(*store));
}

}  // namespace evoke::persistence
