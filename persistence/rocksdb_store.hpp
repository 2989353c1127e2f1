#pragma once

#include "persistence/disk_guard.hpp"
#include "persistence/group_codec.hpp"
#include "persistence/journal.hpp"
#include "persistence/keys.hpp"
#include "persistence/log_scan.hpp"
#include "persistence/mark_file.hpp"
#include "persistence/name_table.hpp"
#include "persistence/posting_builder.hpp"
#include "persistence/rocksdb_schema.hpp"
#include "persistence/store_lock.hpp"
#include "persistence/stream_versions.hpp"
#include "persistence/timer_rows.hpp"

#include <rocksdb/write_batch.h>

#include <algorithm>
#include <atomic>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace evoke::persistence {

inline constexpr std::uint32_t kStoreFormatVersion = 1;

/// Where everything lies inside the store's directory.
struct store_paths {
  explicit store_paths(std::filesystem::path const& directory)
      : root(directory),
        database(directory / "journal"),
        mark(directory / "journal.mark"),
        lock(directory / "journal.lock"),
        ballast(directory / "journal.ballast"),
        acceptance(directory / "accept-data-loss"),
        new_timers(directory / "rebuild-timers") {}
  std::filesystem::path root, database, mark, lock, ballast, acceptance, new_timers;
};

/// What opening has established; the journal is made of it.
struct opened_store {
  store_lock lock;
  database db;
  mark_file mark;
  high_water_mark state;  ///< as it was written last
  std::unique_ptr<name_table> names;
  timestamp last_commit{};
  std::optional<std::uint64_t> timers{};  ///< how many are set, where they were counted
  std::shared_ptr<expiry_clock> expiry;
  std::shared_ptr<rocksdb::SstFileManager> space;
};

/// The least free space that groups are written with; 0 = never asked.
[[nodiscard]] inline std::uint64_t required_free_bytes(rocksdb_options const& options) noexcept {
  if (options.min_free_disk_bytes == 0) return 0;
  return std::max<std::uint64_t>(options.min_free_disk_bytes, options.memtable_bytes + options.memtable_bytes / 2);
}

/// Tells the engine how much it may come to hold: a compaction that does not fit beside what must stay free for write buffers waits.
/// Without this one could fill the disk between two groups, and the engine does not survive that.
void limit_space(rocksdb::SstFileManager& space, disk_guard const& guard);

/// Of which types there are snapshots, in the form that the journal keeps (rocksdb_snapshots.cpp).
[[nodiscard]] std::uint64_t find_snapshot_types(database const& db);

/// The journal on RocksDB. Its functions lie in one file each: rocksdb_commit.cpp writes, rocksdb_streams.cpp, rocksdb_log.cpp,
/// rocksdb_rows.cpp, rocksdb_timers.cpp and rocksdb_snapshots.cpp read; opening and recovery come before it, in rocksdb_open.cpp and
/// rocksdb_recovery.cpp.
///
/// Invariants, beyond the port's:
///  1. everything a group changes is in one WriteBatch;
///  2. `head_` moves only after the batch is as durable as the mode demands, and the mark is written after that, before `commit` returns;
///  3. `events` is never read backwards: its write buffer would answer "nothing" without an error.
class rocksdb_journal final : public journal {
 public:
  rocksdb_journal(rocksdb_options options, opened_store store);
  ~rocksdb_journal() override;

  result<name_id> intern(name_kind kind, std::string_view name) override { return names_->intern(kind, name); }
  [[nodiscard]] name_id find_name(name_kind kind, std::string_view name) const override { return names_->find(kind, name); }
  [[nodiscard]] std::string_view name_of(name_kind kind, name_id id) const override { return names_->name_of(kind, id); }
  [[nodiscard]] std::vector<std::string> names(name_kind kind) const override { return names_->names(kind); }

  result<void> commit(std::span<append* const> group, timestamp now) override;
  result<void> sync_mark() override;
  [[nodiscard]] std::chrono::nanoseconds last_sync() const noexcept override { return last_sync_; }
  [[nodiscard]] position head() const noexcept override { return position{head_.load(std::memory_order_acquire)}; }

  result<void> scan_stream(stream_ref stream, version from, event_visitor const& visit) const override;
  result<bool> scan_stream_in_memory(stream_ref stream, version from, event_visitor const& visit) const override;
  result<stream_head> head_of(stream_ref stream) const override;
  [[nodiscard]] bool surely_absent(stream_ref stream) const override;
  result<log_scan_end> scan_log(position after, std::uint64_t max_examined, resolved_filter const& filter,
                                event_visitor const& visit) const override;
  result<position> position_before(timestamp time) const override;
  result<void> find_event(event_id id, event_visitor const& visit) const override;
  result<version> find_client_id(stream_ref stream, event_id id) const override;
  result<list_page> list_streams(name_id type, std::string_view after, std::size_t limit) const override;
  result<command_lookup> find_command(stream_ref stream, std::string_view key, tier how_far) const override;
  result<std::vector<timer_change>> timers_of(stream_ref stream) const override;
  result<std::optional<stored_timer>> find_timer(stream_ref stream, std::string_view name) const override;
  result<void> scan_timers(timer_place const& after, timestamp until, timer_visitor const& visit,
                           std::function<void(std::string_view)> const& problem) const override;
  [[nodiscard]] std::uint64_t timers_pending() const noexcept override;
  result<std::optional<snapshot>> read_snapshot(stream_ref stream, version at_most, std::uint64_t shape,
                                                std::function<void(std::string_view)> const& problem) const override;
  [[nodiscard]] bool surely_no_snapshot(stream_ref stream) const override;
  result<void> write_snapshot(stream_ref stream, snapshot const& state) override;
  result<void> write_rows(row_space space, std::span<row_change const> rows, bool synced) override;
  result<void> scan_rows(row_space space, row_range const& rows, row_visitor const& visit) const override;

  [[nodiscard]] storage_memory memory() const override;
  [[nodiscard]] uuid store_id() const noexcept override { return store_id_; }
  [[nodiscard]] std::uint32_t format_version() const noexcept override { return kStoreFormatVersion; }
  [[nodiscard]] std::string failed_reason() const override;
  result<void> close() override;

 private:
  // -- rocksdb_commit.cpp, writer thread
  [[nodiscard]] result<void> check_versions(std::span<append* const> group);
  /// The version that the appends before `at` in its group bring its stream to; nothing where there are none.
  [[nodiscard]] std::optional<version> version_before(std::span<append* const> group, std::size_t at) const;
  [[nodiscard]] result<void> check_in_store(append const& one, std::optional<version> in_group) const;
  void put_events(append& one);
  void put_links(append const& one, position first);
  void put_command(append const& one);
  void put_timers(append const& one);
  void put_rows(rocksdb::WriteBatch& into, row_space space, std::span<row_change const> rows) const;
  void put_names(std::vector<name_table::entry> const& fresh);
  [[nodiscard]] result<void> write_batch(position head);
  void write_mark(std::uint64_t sequence);
  void fail_for_ever(std::string reason);
  [[nodiscard]] bool failed() const noexcept { return failed_.load(std::memory_order_acquire); }

  // -- rocksdb_streams.cpp
  /// @returns false where memory does not hold the next row and the disk may not be touched.
  [[nodiscard]] result<bool> walk_stream(stream_ref stream, version from, event_visitor const& visit, tier how_far) const;
  /// Where one event of a stream lies. @returns false where there is none that is committed.
  [[nodiscard]] result<bool> get_event(stream_ref stream, version number, stream_head& where) const;

  /// The same of a record that was found there.
  [[nodiscard]] result<bool> read_head(stream_ref stream, version number, std::string_view record, stream_head& where) const;

  // -- rocksdb_snapshots.cpp
  [[nodiscard]] bool has_snapshots(name_id type) const noexcept;

  // -- rocksdb_log.cpp
  /// Where the events lie whose command has this id and no given correlation.
  [[nodiscard]] result<position_range> events_of_command(std::string_view id, position end) const;
  /// Visits the event at `at`, if it is the wanted one.
  [[nodiscard]] result<void> visit_at(position at, event_id wanted, event_visitor const& visit, bool& found) const;

  rocksdb_options options_;
  store_lock lock_;
  database db_;
  mark_file mark_;
  std::unique_ptr<name_table> names_;
  uuid store_id_;
  std::shared_ptr<expiry_clock> expiry_;
  std::shared_ptr<rocksdb::SstFileManager> space_;
  std::atomic<std::uint64_t> head_;
  std::atomic<std::int64_t> pending_;  ///< timers
  std::atomic<bool> failed_{false};
  std::atomic<bool> full_{false};  ///< the last commit was refused for want of space
  mutable std::mutex reason_guard_;
  std::string reason_;
  std::atomic<std::uint64_t> snapshot_types_;  ///< bit n: of a type whose number is n modulo 64 there is a snapshot, perhaps
  std::mutex snapshot_guard_;                  ///< one writer of snapshots at a time, so that two are kept and not three

  // -- writer thread
  std::chrono::nanoseconds last_sync_{};
  high_water_mark state_;
  timestamp last_commit_{};
  disk_guard guard_;
  stream_versions versions_;
  std::vector<stream_versions::hash> hashes_;  ///< of the group being checked
  rocksdb::WriteBatch batch_;
  group_builder group_;
  posting_builder postings_;
  timer_rows timers_;
  wire_writer row_;
};

}  // namespace evoke::persistence
