#include "replay/expected_cart.hpp"

#include "replay/money.hpp"

#include <evoke/utf8.hpp>

#include <limits>

namespace replay {
namespace {

constexpr std::size_t most_lines = 1'000;
constexpr std::size_t longest_name_bytes = 1'000;
constexpr std::size_t longest_identifier_bytes = 128;

__extension__ typedef __int128 wide;  // NOLINT(modernize-use-using): the marker that keeps -Wpedantic quiet goes with typedef only

bool fits_in_64_bits(wide amount) {
  return amount <= std::numeric_limits<std::int64_t>::max();
}

bool is_space(char32_t c) {
  constexpr std::u32string_view spaces =
      U"\u0009\u000A\u000B\u000C\u000D\u0020\u0085\u00A0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200A"
      U"\u2028\u2029\u202F\u205F\u3000";
  return spaces.find(c) != std::u32string_view::npos;
}

bool is_control(char32_t c) {
  return c < 0x20 || (c >= 0x7F && c < 0xA0);
}

std::string text_of(cart_view::line const& line) {
  return std::to_string(line.quantity) + " x " + line.product_id + " at " + format_minor_units(line.unit_price) +
         (line.name ? " (" + *line.name + ")" : "");
}

}  // namespace

bool is_identifier(std::string_view text) {
  if (text.empty() || text.size() > longest_identifier_bytes || text == "." || text == "..") return false;
  if (!evoke::is_utf8(text)) return false;
  std::u32string code_points;
  while (!text.empty()) code_points.push_back(evoke::take_code_point(text));
  for (auto const c : code_points) {
    if (is_control(c) || c == U'/') return false;
  }
  return !is_space(code_points.front()) && !is_space(code_points.back());
}

expected_cart::expected_cart(invoice const& from) {
  cart_.customer = from.customer.empty() ? std::string(guest) : from.customer;
  if (is_identifier(from.number) && is_identifier(cart_.customer)) cart_.version = 1;
}

bool expected_cart::add(order_line const& line) {
  if (!exists() || !is_identifier(line.product_id)) return false;
  if (line.quantity < 1 || line.unit_price < 0 || line.name.size() > longest_name_bytes) return false;
  auto const total = wide{cart_.total} + wide{line.quantity} * line.unit_price;
  if (!fits_in_64_bits(total) || !fits_in_64_bits(wide{cart_.item_count} + line.quantity)) return false;
  auto const known = where_.find({line.product_id, line.unit_price});
  if (known == where_.end() && cart_.lines.size() == most_lines) return false;

  ++cart_.version;
  cart_.total = static_cast<std::int64_t>(total);
  cart_.item_count += line.quantity;
  auto const name = line.name.empty() ? std::nullopt : std::optional(line.name);
  if (known == where_.end()) {
    where_.emplace(std::pair(line.product_id, line.unit_price), cart_.lines.size());
    cart_.lines.push_back({line.product_id, line.quantity, line.unit_price, name});
    return true;
  }
  auto& merged = cart_.lines[known->second];
  merged.quantity += line.quantity;
  if (name) merged.name = name;
  return true;
}

bool expected_cart::check_out() {
  if (cart_.lines.empty()) return false;
  ++cart_.version;
  cart_.checked_out = true;
  return true;
}

std::vector<std::string> differences(cart_view const& expected, cart_view const& found) {
  std::vector<std::string> all;
  auto const differs = [&](std::string_view what, std::string const& is, std::string const& should) {
    if (is != should) all.push_back(std::string(what) + " " + is + " instead of " + should);
  };
  if (expected.version == 0 || found.version == 0) {
    if (expected.version != found.version)
      all.emplace_back(found.version == 0 ? "there is no such cart" : "there is a cart where none can be");
    return all;
  }
  differs("customer", found.customer, expected.customer);
  differs("status", found.checked_out ? "checked out" : "not checked out", expected.checked_out ? "checked out" : "not checked out");
  differs("total", format_minor_units(found.total), format_minor_units(expected.total));
  differs("items", std::to_string(found.item_count), std::to_string(expected.item_count));
  differs("version", std::to_string(found.version), std::to_string(expected.version));
  differs("number of lines", std::to_string(found.lines.size()), std::to_string(expected.lines.size()));
  for (std::size_t i = 0; i < expected.lines.size() && i < found.lines.size(); ++i) {
    if (found.lines[i] != expected.lines[i]) all.push_back("line " + text_of(found.lines[i]) + " instead of " + text_of(expected.lines[i]));
  }
  return all;
}

}  // namespace replay
