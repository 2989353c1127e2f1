#pragma once

#include <evoke/result.hpp>

#include <cstdint>
#include <filesystem>
#include <functional>

namespace evoke::persistence {

/// Keeps the storage engine from meeting a full disk, which it does not survive: asked before each group, it refuses while less than the
/// minimum is free. A pre-allocated ballast file is given up the first time, so that what the engine has begun can be finished, and made
/// again when there is room enough.
/// Writer thread only.
class disk_guard {
 public:
  /// Free bytes for this user on the file system of the store.
  using free_bytes_source = std::function<std::uint64_t()>;

  /// @param free_bytes empty = ask the operating system.
  disk_guard(std::filesystem::path directory, std::filesystem::path ballast, std::uint64_t min_free_bytes, free_bytes_source free_bytes);

  /// @returns storage_full while there is less than the minimum, counted without the ballast.
  [[nodiscard]] result<void> check();

  /// Before opening, which takes some megabytes itself: asks for a quarter of the minimum, giving up the ballast if that is what it takes,
  /// so that a full store can still be read. @returns storage_full.
  [[nodiscard]] result<void> check_open();

  /// What the last check found; the largest number before the first one, or where nothing is ever asked.
  [[nodiscard]] std::uint64_t free_bytes() const noexcept { return found_; }

 private:
  void release_ballast() noexcept;
  void make_ballast(std::uint64_t free_bytes) noexcept;

  std::filesystem::path ballast_;
  std::uint64_t min_free_bytes_;
  std::uint64_t ballast_bytes_;
  free_bytes_source free_bytes_;
  bool has_ballast_ = false;
  std::uint64_t found_ = UINT64_MAX;
};

}  // namespace evoke::persistence
