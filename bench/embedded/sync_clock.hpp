#pragma once

#include <chrono>
#include <cstdint>

namespace evoke::bench {

/// What this process has waited for in fdatasync of write-ahead logs: this program's own fdatasync stands before the system's.
struct synced {
  std::uint64_t calls = 0;
  std::chrono::nanoseconds time{};
};

/// Any thread.
[[nodiscard]] synced synced_so_far() noexcept;

}  // namespace evoke::bench
