#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace replay {

/// "2.55" -> 255, "-3" -> -300: digit by digit, never through a floating-point number.
/// More than two decimals are rounded to the nearest minor unit, half of one away from zero (2.345 -> 235, -2.345 -> -235).
/// @returns nothing for anything but an optional sign, digits and at most one point, or beyond 64 bits.
[[nodiscard]] std::optional<std::int64_t> parse_minor_units(std::string_view text);

/// An integer with an optional sign. @returns nothing for anything else, or beyond 64 bits.
[[nodiscard]] std::optional<std::int64_t> parse_integer(std::string_view text);

/// 123456 -> "1,234.56".
[[nodiscard]] std::string format_minor_units(std::int64_t amount);

/// 1234567 -> "1,234,567".
[[nodiscard]] std::string format_count(std::uint64_t count);

}  // namespace replay
