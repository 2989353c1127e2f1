#pragma once

#include <evoke/result.hpp>

#include <cstdint>
#include <random>
#include <string_view>

namespace evoke::load {

using random_source = std::mt19937_64;

/// Which of N keys, numbered from 0, an operation is for.
class key_distribution {
 public:
  /// @param text "uniform", "hot" (always key 0) or "zipf:S" with S above 0 (key k is drawn in proportion to 1/(k+1)^S, so that key 0 is
  /// the busiest). @returns invalid_argument for anything else, and for no keys at all.
  [[nodiscard]] static result<key_distribution> parse(std::string_view text, std::uint64_t keys);

  [[nodiscard]] std::uint64_t draw(random_source& random) const;

 private:
  enum class shape : std::uint8_t { uniform, hot, zipf };
  key_distribution(shape is, std::uint64_t keys, double exponent);
  [[nodiscard]] std::uint64_t draw_zipf(random_source& random) const;
  [[nodiscard]] double weight(double x) const;  // x^-s
  [[nodiscard]] double area(double x) const;    // the weight's integral from 1 to x
  [[nodiscard]] double inverse_of_area(double sum) const;

  shape is_;
  std::uint64_t keys_;
  double exponent_;
  double least_area_ = 0;
  double most_area_ = 0;
  double surely_ = 0;
};

/// Even over 0 up to `below`, which is not 0. Fast, and off by less than one in 2^32 for what is drawn here.
[[nodiscard]] inline std::uint64_t below(random_source& random, std::uint64_t below) {
  __extension__ using wide = unsigned __int128;
  return static_cast<std::uint64_t>((static_cast<wide>(random()) * below) >> 64U);
}

/// Even over [0, 1).
[[nodiscard]] inline double fraction(random_source& random) {
  return static_cast<double>(random() >> 11U) * 0x1.0p-53;
}

}  // namespace evoke::load
