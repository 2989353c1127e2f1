#include "bench/load/histogram.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace evoke::load {
namespace {

constexpr unsigned exact_bits = 8;  // values of so many bits stand for themselves
constexpr std::size_t exact = std::size_t{1} << exact_bits;
constexpr std::size_t steps_per_octave = exact / 2;

std::size_t index_of(std::uint64_t value) noexcept {
  if (value < exact) return static_cast<std::size_t>(value);
  // The leading 8 bits say where within an octave, the number of the others which octave.
  auto const rest = static_cast<unsigned>(std::bit_width(value)) - exact_bits;
  auto const leading = static_cast<std::size_t>(value >> rest);
  return exact + (rest - 1) * steps_per_octave + (leading - steps_per_octave);
}

std::uint64_t upper_of(std::size_t index) noexcept {
  if (index < exact) return index;
  auto const rest = (index - exact) / steps_per_octave + 1;
  auto const leading = std::uint64_t{steps_per_octave} + (index - exact) % steps_per_octave;
  return ((leading + 1) << rest) - 1;  // of the last step of all the shift leaves 0, and 0 - 1 is what it should be
}

}  // namespace

void histogram::record(std::uint64_t value, std::uint64_t times) {
  if (times == 0) return;
  auto const index = index_of(value);
  if (index >= counts_.size()) counts_.resize(index + 1);
  counts_[index] += times;
  count_ += times;
  min_ = std::min(min_, value);
  max_ = std::max(max_, value);
  sum_ += static_cast<double>(value) * static_cast<double>(times);
}

void histogram::merge(histogram const& other) {
  if (other.counts_.size() > counts_.size()) counts_.resize(other.counts_.size());
  for (std::size_t i = 0; i < other.counts_.size(); ++i) counts_[i] += other.counts_[i];
  count_ += other.count_;
  min_ = std::min(min_, other.min_);
  max_ = std::max(max_, other.max_);
  sum_ += other.sum_;
}

void histogram::clear() noexcept {
  std::ranges::fill(counts_, std::uint64_t{0});
  count_ = 0;
  min_ = ~std::uint64_t{0};
  max_ = 0;
  sum_ = 0;
}

double histogram::mean() const noexcept {
  return count_ == 0 ? 0 : sum_ / static_cast<double>(count_);
}

std::uint64_t histogram::value_at(double share) const noexcept {
  if (count_ == 0) return 0;
  auto const wanted = std::clamp(std::ceil(share * static_cast<double>(count_)), 1.0, static_cast<double>(count_));
  auto const rank = static_cast<std::uint64_t>(wanted);
  std::uint64_t seen = 0;
  for (std::size_t i = 0; i < counts_.size(); ++i) {
    seen += counts_[i];
    if (seen >= rank) return std::clamp(upper_of(i), min_, max_);
  }
  return max_;
}

std::vector<histogram::step> histogram::steps() const {
  std::vector<step> all;
  for (std::size_t i = 0; i < counts_.size(); ++i)
    if (counts_[i] != 0) all.push_back({upper_of(i), counts_[i]});
  return all;
}

}  // namespace evoke::load
