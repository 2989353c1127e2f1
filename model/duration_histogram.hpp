#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace evoke {

/// How long things took: counted in buckets that grow by about 2.5, from 100 us to 10 s. Recording is one relaxed addition to each of two
/// numbers, without a lock, so that it can stand on every command's path. Any thread records; a reader sees each number, not all of one
/// moment.
class duration_histogram {
 public:
  /// Upper bounds, inclusive; what is longer than the last has a bucket of its own.
  static constexpr std::array<std::chrono::microseconds, 16> bounds{
      std::chrono::microseconds{100},       std::chrono::microseconds{250},       std::chrono::microseconds{500},
      std::chrono::microseconds{1'000},     std::chrono::microseconds{2'500},     std::chrono::microseconds{5'000},
      std::chrono::microseconds{10'000},    std::chrono::microseconds{25'000},    std::chrono::microseconds{50'000},
      std::chrono::microseconds{100'000},   std::chrono::microseconds{250'000},   std::chrono::microseconds{500'000},
      std::chrono::microseconds{1'000'000}, std::chrono::microseconds{2'500'000}, std::chrono::microseconds{5'000'000},
      std::chrono::microseconds{10'000'000}};

  void record(std::chrono::nanoseconds took) noexcept {
    std::size_t bucket = 0;
    while (bucket < bounds.size() && took > bounds[bucket]) ++bucket;
    counts_[bucket].fetch_add(1, std::memory_order_relaxed);
    sum_ns_.fetch_add(static_cast<std::uint64_t>(took.count()), std::memory_order_relaxed);
  }

  struct reading {
    std::array<std::uint64_t, bounds.size() + 1> counts{};
    std::chrono::nanoseconds sum{};

    reading& operator+=(reading const& other) noexcept {
      for (std::size_t i = 0; i < counts.size(); ++i) counts[i] += other.counts[i];
      sum += other.sum;
      return *this;
    }
  };
  [[nodiscard]] reading read() const noexcept {
    reading now;
    for (std::size_t i = 0; i < counts_.size(); ++i) now.counts[i] = counts_[i].load(std::memory_order_relaxed);
    now.sum = std::chrono::nanoseconds(static_cast<std::int64_t>(sum_ns_.load(std::memory_order_relaxed)));
    return now;
  }

 private:
  std::array<std::atomic<std::uint64_t>, bounds.size() + 1> counts_{};
  std::atomic<std::uint64_t> sum_ns_{0};
};

}  // namespace evoke
