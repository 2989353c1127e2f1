#pragma once

#include "persistence/expiry_clock.hpp"
#include "persistence/kept_iterators.hpp"
#include "persistence/rocksdb_journal.hpp"

#include <rocksdb/db.h>
#include <rocksdb/sst_file_manager.h>

#include <array>
#include <memory>
#include <string>
#include <vector>

namespace evoke::persistence {

/// The column families, by what is in them. `meta` is RocksDB's "default", which a program of any format can read alone.
enum class family : std::uint8_t {
  meta,
  events,
  log,
  streams,
  postings,
  links,
  event_ids,
  snapshots,
  commands,
  timers,
  subscriptions,
  processes
};
inline constexpr std::size_t kFamilyCount = 12;

[[nodiscard]] std::string const& name_of(family which);

/// What the options of a database are made of; shared parts live as long as it.
struct schema_settings {
  std::size_t memtable_bytes = 0;
  std::size_t block_cache_bytes = 0;
  rocksdb::Env* env = nullptr;
  std::chrono::microseconds idempotency_expiry{};
  std::shared_ptr<expiry_clock const> expiry;        ///< empty: nothing expires (recovery)
  std::shared_ptr<rocksdb::SstFileManager> space{};  ///< empty: compactions take what they need (recovery)
};

[[nodiscard]] rocksdb::DBOptions database_options(schema_settings const& settings);
/// In the order of `family`.
[[nodiscard]] std::vector<rocksdb::ColumnFamilyDescriptor> column_families(schema_settings const& settings);

/// An open database with its handles. Closes it when it goes.
class database {
 public:
  database() = default;
  database(database&& other) noexcept;
  database& operator=(database&& other) noexcept;
  ~database();

  /// Opens or, when `create`, makes one. @param mode how much damage of the write-ahead log is accepted.
  [[nodiscard]] static rocksdb::Status open(std::filesystem::path const& path, schema_settings const& settings, bool create,
                                            rocksdb::WALRecoveryMode mode, bool keep_memtables, database& out);
  /// Looks at one without changing a file, up to the first damage of its write-ahead log.
  [[nodiscard]] static rocksdb::Status look(std::filesystem::path const& path, schema_settings const& settings, database& out);

  [[nodiscard]] rocksdb::DB* operator->() const noexcept { return db_.get(); }
  [[nodiscard]] explicit operator bool() const noexcept { return db_ != nullptr; }
  [[nodiscard]] rocksdb::ColumnFamilyHandle* operator[](family which) const noexcept { return handles_[static_cast<std::size_t>(which)]; }
  /// Drops a family with all its files, whatever is in them, and begins it anew. A crash in between is made good by `open`.
  [[nodiscard]] rocksdb::Status make_anew(family which, schema_settings const& settings);
  /// An iterator that ends where the stream does which it is sent to. Not for one that was opened to look.
  [[nodiscard]] kept_iterators::lease stream_rows(tier how_far) const { return kept_->take(*db_, (*this)[family::events], how_far); }
  /// @returns what closing said.
  rocksdb::Status close() noexcept;

 private:
  std::shared_ptr<kept_iterators> kept_;
  std::unique_ptr<rocksdb::DB> db_;
  std::array<rocksdb::ColumnFamilyHandle*, kFamilyCount> handles_{};
};

[[nodiscard]] inline rocksdb::Slice slice(std::string_view bytes) noexcept {
  return {bytes.data(), bytes.size()};
}
[[nodiscard]] inline std::string_view text(rocksdb::Slice const& bytes) noexcept {
  return {bytes.data(), bytes.size()};
}

/// The engine's error as ours: corrupt or io_error, with what was being done.
[[nodiscard]] failure failure_of(rocksdb::Status const& status, std::string_view doing);

}  // namespace evoke::persistence
