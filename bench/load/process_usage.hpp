#pragma once

#include <cstdint>
#include <optional>

namespace evoke::load {

struct process_usage {
  double cpu_us = 0;  ///< user and system time so far
  std::uint64_t rss_bytes = 0;
};

/// Of another process (or this one), from /proc. nullopt when there is none of this id.
[[nodiscard]] std::optional<process_usage> usage_of(int process);
/// CPU time so far, of the calling thread and of all this process's.
[[nodiscard]] double thread_cpu_us();
[[nodiscard]] double process_cpu_us();

}  // namespace evoke::load
