#include "cart.hpp"

#include <algorithm>
#include <limits>

namespace carts {
namespace {

using evoke::context;
using evoke::decision;
using evoke::rejection;

/// What every command but create_cart needs: a cart, and one that is still open.
std::optional<rejection> not_open(cart const& state, context const& given) {
  if (!given.exists()) return rejection::not_found("cart_not_found", "There is no such cart");
  switch (state.status) {
    case cart_status::open: break;
    case cart_status::checked_out: return rejection::invalid("cart_already_checked_out", "The cart is checked out");
    case cart_status::abandoned: return rejection::invalid("cart_already_abandoned", "The cart is abandoned");
  }
  return std::nullopt;
}

std::optional<rejection> bad_product_or_quantity(std::string const& product_id, std::int64_t quantity) {
  // A product code is an identifier like any other: it may well name an aggregate.
  if (auto id = evoke::aggregate_id::parse(product_id); !id) {
    return rejection::invalid("invalid_product_id", "product_id is not an identifier: " + id.error().message);
  }
  if (quantity < 1) return rejection::invalid("invalid_quantity", "quantity must be 1 or more");
  return std::nullopt;
}

std::optional<rejection> bad_price(std::int64_t unit_price) {
  if (unit_price >= 0) return std::nullopt;
  return rejection::invalid("invalid_unit_price", "unit_price must be 0 or more");
}

/// True when `state` with this item added still counts and sums up within 64 bits. No line total can exceed the cart's.
bool fits(cart const& state, add_cart_item const& item) {
  constexpr auto most = std::numeric_limits<std::int64_t>::max();
  if (item.quantity > most - state.item_count) return false;
  if (item.unit_price > most / item.quantity) return false;
  return item.quantity * item.unit_price <= most - state.total;
}

template <class Lines>
auto find_line(Lines& lines, std::string const& product_id, std::int64_t unit_price) {
  return std::ranges::find_if(lines, [&](cart_line const& line) { return line.product_id == product_id && line.unit_price == unit_price; });
}

std::string as_details(std::vector<std::int64_t> const& unit_prices) {
  std::string json = R"({"unit_prices":[)";
  for (auto price : unit_prices) json.append(json.back() == '[' ? "" : ",").append(std::to_string(price));
  return json + "]}";
}

}  // namespace

decision<cart_created> decide(cart const&, create_cart const& command, context const& given) {
  if (given.exists()) return rejection::conflict("cart_already_exists", "There is already a cart of this id");
  if (auto id = evoke::aggregate_id::parse(command.user_account_id); !id) {
    return rejection::invalid("invalid_user_account_id", "user_account_id is not an identifier: " + id.error().message);
  }
  return cart_created{command.user_account_id};
}

decision<cart_item_added> decide(cart const& state, add_cart_item const& item, context const& given) {
  if (auto why = not_open(state, given)) return *why;
  if (auto why = bad_product_or_quantity(item.product_id, item.quantity)) return *why;
  if (auto why = bad_price(item.unit_price)) return *why;
  if (item.name && item.name->size() > max_name_bytes) {
    return rejection::invalid("name_too_long", "name must have " + std::to_string(max_name_bytes) + " bytes or less");
  }
  if (!fits(state, item)) return rejection::invalid("amount_too_large", "The cart's total would be too large");
  if (state.lines.size() >= max_lines && find_line(state.lines, item.product_id, item.unit_price) == state.lines.end()) {
    return rejection::invalid("too_many_lines", "A cart has " + std::to_string(max_lines) + " lines at most");
  }
  return cart_item_added{item.product_id, item.quantity, item.unit_price, item.name};
}

decision<cart_item_removed> decide(cart const& state, remove_cart_item const& item, context const& given) {
  if (auto why = not_open(state, given)) return *why;
  if (auto why = bad_product_or_quantity(item.product_id, item.quantity)) return *why;
  if (item.unit_price) {
    if (auto why = bad_price(*item.unit_price)) return *why;
  }

  cart_line const* meant = nullptr;
  std::vector<std::int64_t> prices;
  for (auto const& line : state.lines) {
    if (line.product_id != item.product_id || (item.unit_price && line.unit_price != *item.unit_price)) continue;
    meant = &line;
    prices.push_back(line.unit_price);
  }
  if (meant == nullptr) return rejection::invalid("item_not_in_cart", "There is no such item in the cart");
  if (prices.size() > 1) {
    return rejection::invalid("ambiguous_line", "The product is in the cart at several prices: say which", as_details(prices));
  }
  if (item.quantity > meant->quantity) {
    return rejection::invalid("quantity_exceeds_line", "There are only " + std::to_string(meant->quantity) + " of it in the cart");
  }
  return cart_item_removed{item.product_id, item.quantity, meant->unit_price};
}

decision<cart_checked_out> decide(cart const& state, check_out const&, context const& given) {
  if (auto why = not_open(state, given)) return *why;
  if (state.lines.empty()) return rejection::invalid("cart_is_empty", "An empty cart cannot be checked out");
  return cart_checked_out{state.total, state.item_count};
}

decision<cart_abandoned> decide(cart const& state, abandon_cart const&, context const& given) {
  if (auto why = not_open(state, given)) return *why;
  return cart_abandoned{};
}

void evolve(cart& state, cart_created const& event) {
  state.user_account_id = event.user_account_id;
}

void evolve(cart& state, cart_item_added const& event) {
  state.item_count += event.quantity;
  state.total += event.quantity * event.unit_price;
  auto const line = find_line(state.lines, event.product_id, event.unit_price);
  if (line == state.lines.end()) {
    state.lines.push_back({event.product_id, event.quantity, event.unit_price, event.name});
    return;
  }
  line->quantity += event.quantity;
  if (event.name) line->name = event.name;
}

void evolve(cart& state, cart_item_removed const& event) {
  state.item_count -= event.quantity;
  state.total -= event.quantity * event.unit_price;
  auto const line = find_line(state.lines, event.product_id, event.unit_price);
  if (line == state.lines.end()) return;
  line->quantity -= event.quantity;
  if (line->quantity <= 0) state.lines.erase(line);
}

void evolve(cart& state, cart_checked_out const&) {
  state.status = cart_status::checked_out;
}

void evolve(cart& state, cart_abandoned const&) {
  state.status = cart_status::abandoned;
}

}  // namespace carts
