#include "replay/money.hpp"

#include <algorithm>
#include <charconv>
#include <limits>

namespace replay {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool all_digits(std::string_view text) {
  return std::ranges::all_of(text, is_digit);
}

}  // namespace

std::optional<std::int64_t> parse_integer(std::string_view text) {
  if (text.starts_with('+')) {
    text.remove_prefix(1);
    if (text.starts_with('-')) return std::nullopt;
  }
  std::int64_t value = 0;
  auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<std::int64_t> parse_minor_units(std::string_view text) {
  bool const negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  auto const point = text.find('.');
  auto const whole = text.substr(0, point);
  auto const decimals = point == std::string_view::npos ? std::string_view{} : text.substr(point + 1);
  if (whole.empty() && decimals.empty()) return std::nullopt;
  if (!all_digits(whole) || !all_digits(decimals)) return std::nullopt;

  // The digits up to the second decimal are the amount in minor units; the third decides the rounding.
  std::string digits(negative ? "-" : "");
  digits += whole;
  digits += decimals.substr(0, 2);
  digits.append(2 - std::min<std::size_t>(decimals.size(), 2), '0');
  auto const cut = parse_integer(digits);
  if (!cut) return std::nullopt;
  bool const round_up = decimals.size() > 2 && decimals[2] >= '5';
  if (!round_up) return cut;
  using limits = std::numeric_limits<std::int64_t>;
  if (*cut == (negative ? limits::min() : limits::max())) return std::nullopt;
  return *cut + (negative ? -1 : 1);
}

std::string format_count(std::uint64_t count) {
  auto text = std::to_string(count);
  for (std::size_t from_end = 3; from_end < text.size(); from_end += 4) text.insert(text.size() - from_end, 1, ',');
  return text;
}

std::string format_minor_units(std::int64_t amount) {
  auto const magnitude = amount < 0 ? 0 - static_cast<std::uint64_t>(amount) : static_cast<std::uint64_t>(amount);
  auto const cents = magnitude % 100;
  return std::string(amount < 0 ? "-" : "")
      .append(format_count(magnitude / 100))
      .append(cents < 10 ? ".0" : ".")
      .append(std::to_string(cents));
}

}  // namespace replay
