#pragma once

#include <evoke/json.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// Money as clients write it, for routes whose JSON has decimals. Inside a domain money is an integer of minor units, and stays one.
namespace money {

/// An amount of money in minor units: 1250 is written 12.50. In JSON it is a number with at most two decimals, read digit by digit from
/// its text, so that no amount is ever rounded; three or more decimals, an exponent, or more than 64 bits are refused.
struct amount {
  std::int64_t minor_units = 0;

  friend bool operator==(amount, amount) = default;
};

/// "12.5" -> 1250, "-3" -> -300. @returns nothing for anything but an optional minus, digits, and at most two more behind a point, or
/// beyond 64 bits.
[[nodiscard]] std::optional<amount> parse(std::string_view text);

/// 1250 -> "12.50", -7 -> "-0.07".
[[nodiscard]] std::string to_text(amount of);

}  // namespace money

template <>
struct evoke::json::codec<money::amount> {
  static void read(value in, money::amount& out, field_errors& errors);
  static bool write(money::amount from, writer& out);
  static void describe(schema_builder& out);
};
