#pragma once

#include "bench/measure/measure.hpp"

#include <cstdint>
#include <filesystem>
#include <string>

/// What this program can do with a store. Each function throws std::runtime_error when it cannot.
namespace evoke::bench {

struct store_settings {
  std::filesystem::path data;
  std::uint64_t events = 1'000'000;
  std::uint64_t aggregates = 100'000;
  std::size_t payload = 0;
  std::uint64_t snapshot_every = 0;  ///< fill: events between snapshots, 0 = none
  std::uint64_t memory_mib = 64;     ///< memory, resident: of write buffers, and of the block cache
  std::uint64_t asked = 20'000;      ///< memory: aggregates read at random
};

[[nodiscard]] std::string cart_id(std::uint64_t number);

/// fill: carts take turns until each has its share of the events. Straight into the journal, without sync.
[[nodiscard]] nlohmann::json fill(store_settings const& with);
/// count: every event of a closed store, read and checked, by stream and by log. Changes nothing.
[[nodiscard]] nlohmann::json count(store_settings const& with);
/// compact: all of it, then what lies on the disk, beside the bytes of the events themselves.
[[nodiscard]] nlohmann::json compact(store_settings const& with);
/// recover: every cart brought into memory by a command that its rules refuse.
[[nodiscard]] nlohmann::json recover(store_settings const& with);
/// scan: every cart's events read by RocksDB alone and decoded into the same structs.
[[nodiscard]] nlohmann::json scan(store_settings const& with);
/// memory: what the process takes once caches and write buffers are as full as they get, whatever the store holds.
[[nodiscard]] nlohmann::json memory(store_settings const& with);
/// resident: what each cart in memory adds.
[[nodiscard]] nlohmann::json resident(store_settings const& with);

/// Lets the operating system forget the store's files, so that the next read is from the disk.
void forget_files(std::filesystem::path const& directory);

}  // namespace evoke::bench
