#pragma once

#include "persistence/read_model_rows.hpp"
#include "persistence/storage_memory.hpp"

#include <evoke/ids.hpp>
#include <evoke/options.hpp>
#include <evoke/result.hpp>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rocksdb {
class Env;
}

/// The store of read models: a database of its own beside the journal, so that projecting never waits in the journal's queue nor the
/// journal in its. What it holds can always be made again from the journal.
///
/// Invariants:
///  1. documents, index entries, change index, dead letters and checkpoint of one generation move in one batch and lie in one column
///     family, written without a log: a crash rewinds them together, never apart;
///  2. which generation is live changes by one synced record, after the new one was flushed;
///  3. a generation's number is given once, also across crashes;
///  4. nothing here is ever ahead of the journal: a generation above its head, or of another store, is dropped when the store opens.
namespace evoke::persistence {

struct read_models_options {
  std::filesystem::path path = "data/views";                   ///< created when absent; never looked at in memory
  bool in_memory = false;                                      ///< the same engine on files in memory, gone with the store
  uuid journal{};                                              ///< the journal's store id
  position head{};                                             ///< of the journal
  std::size_t memtable_bytes = 64ULL * 1024 * 1024;            ///< write buffers, all generations together
  std::size_t block_cache_bytes = 64ULL * 1024 * 1024;         ///< blocks read, filters and indexes
  std::uint64_t write_bytes_per_second = 64ULL * 1024 * 1024;  ///< of flushes and compactions together
  std::uint64_t min_free_disk_bytes = 0;                       ///< below: storage_full; 0 = never asked
  log_sink log{};                                              ///< empty = silence

  // For tests and simulations.
  rocksdb::Env* env = nullptr;                       ///< file system of the engine; must outlive the store
  std::function<std::uint64_t()> free_disk_bytes{};  ///< empty = ask the operating system
};

class generation;

class read_models {
 public:
  /// Opens or creates. What does not fit the journal is dropped; a database that does not open is set aside as `views.damaged` and begun
  /// anew, since all of it can be made again. @returns io_error, incompatible_store (newer format).
  [[nodiscard]] static result<std::unique_ptr<read_models>> open(read_models_options options);
  virtual ~read_models() = default;

  /// What is stored of a projection; nullopt when it was never seen.
  [[nodiscard]] virtual std::optional<projection_record> record_of(std::string_view projection) const = 0;
  /// Synced when it returns. One thread a projection.
  virtual result<void> write_record(std::string_view projection, projection_record const& record) = 0;

  /// A new, empty generation under a fresh number. Gone after a crash unless a record names it.
  virtual result<std::shared_ptr<generation>> create(std::uint32_t version, std::uint64_t shape) = 0;
  /// One that a record names. Shared by all who ask. @returns corrupt when it is not there.
  virtual result<std::shared_ptr<generation>> find(generation_identity const& which) = 0;
  /// Gives its space back as soon as nobody reads it any more. No record may name it.
  virtual void drop(std::shared_ptr<generation> which) = 0;

  /// For metrics, from any thread.
  [[nodiscard]] virtual storage_memory memory() const = 0;
  /// storage_full while there is less free space than the minimum.
  [[nodiscard]] virtual result<void> check_space() const = 0;

  /// Flushes, unless `flush` is false (what a crash leaves), and closes. All generations must have been let go of.
  virtual result<void> close(bool flush = true) = 0;
};

}  // namespace evoke::persistence
