#include "persistence/disk_guard.hpp"

#include <fcntl.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <limits>
#include <string>
#include <system_error>
#include <utility>

namespace evoke::persistence {
namespace {

constexpr std::uint64_t kMaxBallastBytes = 64ULL * 1024 * 1024;

/// One system call (~1 us); where it fails, nothing is refused: the engine's own error will say what is wrong.
std::uint64_t ask_system(std::filesystem::path const& directory) {
  struct statvfs found{};
  if (::statvfs(directory.c_str(), &found) != 0) return std::numeric_limits<std::uint64_t>::max();
  return static_cast<std::uint64_t>(found.f_bavail) * found.f_frsize;
}

std::unexpected<failure> refuse(std::uint64_t free_bytes, std::uint64_t required) {
  return fail(errc::storage_full, "only " + std::to_string(free_bytes / 1024) + " KiB are free on the disk, " +
                                      std::to_string(required / 1024) + " KiB are required; nothing was written");
}

}  // namespace

disk_guard::disk_guard(std::filesystem::path directory, std::filesystem::path ballast, std::uint64_t min_free_bytes,
                       free_bytes_source free_bytes)
    : ballast_(std::move(ballast)),
      min_free_bytes_(min_free_bytes),
      ballast_bytes_(std::min(min_free_bytes / 4, kMaxBallastBytes)),
      free_bytes_(free_bytes ? std::move(free_bytes) : [where = std::move(directory)] { return ask_system(where); }) {
  std::error_code ignored;
  has_ballast_ = std::filesystem::file_size(ballast_, ignored) >= ballast_bytes_ && !ignored;
}

result<void> disk_guard::check() {
  if (min_free_bytes_ == 0) return {};
  found_ = free_bytes_();
  if (found_ >= min_free_bytes_) {
    if (!has_ballast_) make_ballast(found_);
    return {};
  }
  if (has_ballast_) release_ballast();
  return refuse(found_, min_free_bytes_);
}

result<void> disk_guard::check_open() {
  if (min_free_bytes_ == 0) return {};
  found_ = free_bytes_();
  if (found_ >= ballast_bytes_) return {};
  if (has_ballast_) release_ballast();
  found_ = free_bytes_();
  if (found_ >= ballast_bytes_) return {};
  return refuse(found_, ballast_bytes_);
}

void disk_guard::release_ballast() noexcept {
  std::error_code ignored;
  std::filesystem::remove(ballast_, ignored);
  has_ballast_ = false;
}

void disk_guard::make_ballast(std::uint64_t free_bytes) noexcept {
  // Twice the minimum: otherwise making the ballast could bring on what it is to help against.
  if (ballast_bytes_ == 0 || free_bytes < 2 * min_free_bytes_ + ballast_bytes_) return;
  has_ballast_ = true;  // tried once: where it cannot be made, trying before each group only costs time
  int const file = ::open(ballast_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (file < 0) return;
  static_cast<void>(::posix_fallocate(file, 0, static_cast<off_t>(ballast_bytes_)));
  ::close(file);
}

}  // namespace evoke::persistence
