#pragma once

#include <evoke/result.hpp>

#include <filesystem>
#include <utility>

namespace evoke::persistence {

/// Holds a directory for one journal, against other processes and against this one. The system lets go of it when the process ends,
/// however it ends.
class store_lock {
 public:
  /// @returns store_in_use, io_error.
  [[nodiscard]] static result<store_lock> take(std::filesystem::path const& path);

  store_lock() = default;
  store_lock(store_lock&& other) noexcept : file_(std::exchange(other.file_, -1)) {}
  store_lock& operator=(store_lock&& other) noexcept {
    std::swap(file_, other.file_);
    return *this;
  }
  ~store_lock() { release(); }
  void release() noexcept;

 private:
  int file_ = -1;
};

}  // namespace evoke::persistence
