#pragma once

#include "bench/load/tally.hpp"

#include <cstdint>
#include <optional>

namespace evoke::load {

/// When the operations of a constant rate are due: number n at begin + n/rate, whatever became of those before it. That is what keeps an
/// open loop free of coordinated omission: what could not be sent in time waits here, and its latency runs since it was due.
class schedule {
 public:
  schedule(steady::time_point begin, double rate) : begin_(begin), rate_(rate) {}

  [[nodiscard]] steady::time_point due(std::uint64_t number) const {
    return begin_ + std::chrono::nanoseconds(static_cast<std::int64_t>(static_cast<double>(number) * 1e9 / rate_));
  }
  /// The next one's due time, when it has come; it is then taken.
  [[nodiscard]] std::optional<steady::time_point> take(steady::time_point now) {
    auto const at = due(taken_);
    if (at > now) return std::nullopt;
    ++taken_;
    return at;
  }
  [[nodiscard]] steady::time_point next_due() const { return due(taken_); }

 private:
  steady::time_point begin_;
  double rate_;
  std::uint64_t taken_ = 0;
};

}  // namespace evoke::load
