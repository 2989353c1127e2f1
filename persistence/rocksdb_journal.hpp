#pragma once

#include "persistence/journal.hpp"

#include <evoke/options.hpp>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace rocksdb {
class Env;
}

namespace evoke::persistence {

struct rocksdb_options {
  std::filesystem::path path = "data";  ///< the store's directory, created when absent; what lies in it: docs/storage_format.md
  evoke::durability durability = durability::disk;
  std::size_t memtable_bytes = 128ULL * 1024 * 1024;     ///< write buffers, all together
  std::size_t block_cache_bytes = 256ULL * 1024 * 1024;  ///< blocks read, and all Bloom filters and indexes
  /// Below: storage_full. Raised to one and a half times `memtable_bytes`, which must always find room; 0 = never asked.
  std::uint64_t min_free_disk_bytes = 256ULL * 1024 * 1024;
  std::string expected_store_id{};            ///< when set: any other store is refused
  std::chrono::hours idempotency_expiry{24};  ///< command records older than this are absent, and go with time
  log_sink log{};                             ///< empty = silence
  evoke::clock const* clock = nullptr;        ///< nullptr = the system's; must outlive the journal

  // For tests and simulations.
  rocksdb::Env* env = nullptr;                       ///< file system of the engine; must outlive the journal
  std::function<std::uint64_t()> free_disk_bytes{};  ///< empty = ask the operating system
  std::optional<uuid> boot_id{};                     ///< empty = the operating system's
  uuid new_store_id{};                               ///< of a store that is created; nil = a random one
};

/// Opens or creates a store. Blocks until it is recovered.
/// @returns store_in_use, incompatible_store (newer format, or not the expected store), data_lost (less is there than was acknowledged; the
/// message names what is missing and what can be done), corrupt, storage_full, io_error, invalid_argument.
[[nodiscard]] result<std::unique_ptr<journal>> open_rocksdb_journal(rocksdb_options options);

}  // namespace evoke::persistence
