#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace evoke::load {

/// How often which value was seen. Values up to 255 are kept exactly, larger ones in 128 steps for each power of two: what is read back is
/// never below the value and less than 1/128 (0.8 %) above it. The smallest, the largest and the mean are exact. Grows with the largest
/// value, to 58 KiB at most. One thread.
class histogram {
 public:
  void record(std::uint64_t value) { record(value, 1); }
  void record(std::uint64_t value, std::uint64_t times);
  /// As if everything recorded in `other` had been recorded here.
  void merge(histogram const& other);
  void clear() noexcept;

  [[nodiscard]] std::uint64_t count() const noexcept { return count_; }
  /// 0 while nothing is recorded, as are all below.
  [[nodiscard]] std::uint64_t min() const noexcept { return count_ == 0 ? 0 : min_; }
  [[nodiscard]] std::uint64_t max() const noexcept { return max_; }
  [[nodiscard]] double mean() const noexcept;
  /// The smallest value that is at least as large as `share` (0 to 1) of all that were recorded.
  [[nodiscard]] std::uint64_t value_at(double share) const noexcept;

  struct step {
    std::uint64_t upper = 0;  ///< the largest value that is counted here
    std::uint64_t count = 0;

    friend bool operator==(step const&, step const&) = default;
  };
  /// Those that are not empty, by value.
  [[nodiscard]] std::vector<step> steps() const;

 private:
  std::vector<std::uint64_t> counts_;
  std::uint64_t count_ = 0;
  std::uint64_t min_ = ~std::uint64_t{0};
  std::uint64_t max_ = 0;
  double sum_ = 0;
};

}  // namespace evoke::load
