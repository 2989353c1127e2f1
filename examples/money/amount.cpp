#include "money/amount.hpp"

#include <algorithm>
#include <charconv>

namespace money {
namespace {

bool all_digits(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

std::optional<amount> parse(std::string_view text) {
  bool const negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);
  auto const point = text.find('.');
  auto const whole = text.substr(0, point);
  if (!all_digits(whole)) return std::nullopt;
  std::string_view decimals;
  if (point != std::string_view::npos) {
    decimals = text.substr(point + 1);
    if (!all_digits(decimals) || decimals.size() > 2) return std::nullopt;
  }
  std::string digits(negative ? "-" : "");
  digits.append(whole).append(decimals).append(2 - decimals.size(), '0');
  amount read;
  auto const* const end = digits.data() + digits.size();
  auto const [stopped, error] = std::from_chars(digits.data(), end, read.minor_units);
  if (error != std::errc{} || stopped != end) return std::nullopt;
  return read;
}

std::string to_text(amount of) {
  bool const negative = of.minor_units < 0;
  // The magnitude of the least number is one more than the greatest.
  auto const magnitude = negative ? 0 - static_cast<std::uint64_t>(of.minor_units) : static_cast<std::uint64_t>(of.minor_units);
  auto const cents = magnitude % 100;
  return std::string(negative ? "-" : "")
      .append(std::to_string(magnitude / 100))
      .append(cents < 10 ? ".0" : ".")
      .append(std::to_string(cents));
}

}  // namespace money

namespace evoke::json {

void codec<money::amount>::read(value in, money::amount& out, field_errors& errors) {
  auto const text = in.number_text();
  if (!text) return errors.wrong_kind(in, "a number");
  if (auto const read = money::parse(*text)) {
    out = *read;
  } else {
    errors.add(in, "must be an amount of money: at most two decimals, no exponent, within 64 bits of minor units");
  }
}

bool codec<money::amount>::write(money::amount from, writer& out) {
  out.raw(money::to_text(from));
  return true;
}

void codec<money::amount>::describe(schema_builder& out) {
  out.type("number");
  out.keyword("multipleOf", "0.01");
}

}  // namespace evoke::json
