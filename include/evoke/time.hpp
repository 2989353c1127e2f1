#pragma once

#include <evoke/result.hpp>

#include <chrono>
#include <string>
#include <string_view>

namespace evoke {

/// UTC, microseconds since 1970-01-01T00:00:00Z. What events carry.
using timestamp = std::chrono::sys_time<std::chrono::microseconds>;

/// RFC 3339 in UTC with six decimals: "2026-01-31T09:26:53.000123Z". Always 27 characters for the years 0000 to 9999; others are written
/// with as many digits as they have, and do not read back.
[[nodiscard]] std::string to_rfc3339(timestamp time);

/// Any RFC 3339 date-time with offset; finer than microseconds is cut. Second 60 is accepted where UTC can have one, at the end of a
/// month, and reads as the last microsecond of second 59. @returns invalid_argument otherwise, also for years in UTC beyond 0000 to 9999.
[[nodiscard]] result<timestamp> parse_rfc3339(std::string_view text);

/// Where time comes from. Handed in, so that tests and simulations own it. Called from any thread.
class clock {
 public:
  virtual ~clock() = default;
  [[nodiscard]] virtual timestamp now() const noexcept = 0;                    ///< wall clock; may jump
  [[nodiscard]] virtual std::chrono::nanoseconds steady() const noexcept = 0;  ///< never goes back; for durations only
};

/// The operating system's clocks.
[[nodiscard]] clock const& system_clock() noexcept;

}  // namespace evoke
