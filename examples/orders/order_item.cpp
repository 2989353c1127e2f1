#include "order_item.hpp"

#include <evoke/ids.hpp>

#include <algorithm>
#include <limits>

namespace orders {
namespace {

using evoke::rejection;

constexpr auto most = std::numeric_limits<std::int64_t>::max();

std::optional<rejection> bad_item(order_item const& item) {
  if (auto id = evoke::aggregate_id::parse(item.product_id); !id) {
    return rejection::invalid("invalid_product_id", "product_id is not an identifier: " + id.error().message);
  }
  if (item.quantity < 1) return rejection::invalid("invalid_quantity", "quantity must be 1 or more");
  if (item.price < 0) return rejection::invalid("invalid_price", "price must be 0 or more");
  return std::nullopt;
}

rejection too_long(std::string const& field) {
  return rejection::invalid("text_too_long", field + " must have " + std::to_string(max_text_bytes) + " bytes or less");
}

}  // namespace

std::optional<rejection> bad_items(std::vector<order_item> const& items) {
  if (items.empty()) return rejection::invalid("no_items", "An order must have at least one item");
  if (items.size() > max_items) {
    return rejection::invalid("too_many_items", "An order has " + std::to_string(max_items) + " items at most");
  }
  std::int64_t total = 0;
  std::int64_t count = 0;
  for (auto const& each : items) {
    if (auto why = bad_item(each)) return why;
    bool const fits = each.price <= most / each.quantity && each.price * each.quantity <= most - total && each.quantity <= most - count;
    if (!fits) return rejection::invalid("amount_too_large", "The order's total would be too large");
    total += each.price * each.quantity;
    count += each.quantity;
  }
  return std::nullopt;
}

std::optional<rejection> bad_customer(std::string const& customer_id) {
  auto const id = evoke::aggregate_id::parse(customer_id);
  if (id) return std::nullopt;
  return rejection::invalid("invalid_customer_id", "customer_id is not an identifier: " + id.error().message);
}

std::optional<rejection> bad_contact(std::optional<std::string> const& text, std::string const& field) {
  if (!text || text->size() <= max_text_bytes) return std::nullopt;
  return too_long(field);
}

std::optional<rejection> bad_address(std::string const& shipping_address) {
  if (is_blank(shipping_address)) return rejection::invalid("blank_shipping_address", "Shipping address must not be blank");
  if (shipping_address.size() > max_text_bytes) return too_long("shipping_address");
  return std::nullopt;
}

std::optional<rejection> bad_currency(std::string const& currency) {
  bool const fine = currency.size() == 3 && std::ranges::all_of(currency, [](char c) { return c >= 'A' && c <= 'Z'; });
  if (fine) return std::nullopt;
  return rejection::invalid("invalid_currency", "currency must be three capital letters, such as KRW");
}

std::int64_t total_of(std::vector<order_item> const& items) {
  std::int64_t total = 0;
  for (auto const& each : items) total += each.price * each.quantity;
  return total;
}

std::int64_t count_of(std::vector<order_item> const& items) {
  std::int64_t count = 0;
  for (auto const& each : items) count += each.quantity;
  return count;
}

bool is_blank(std::string const& text) {
  return text.find_first_not_of(" \t\r\n\f\v") == std::string::npos;
}

}  // namespace orders
