#include "cart_view.hpp"

#include <algorithm>
#include <stdexcept>

namespace carts {
namespace {

using view = evoke::view<cart_view>;

/// The cart to change, its time and number already those of the event; nullptr when the event has been seen.
cart_view* next(view& given) {
  auto const* known = given.find();
  if (known == nullptr) throw std::runtime_error("no document: the cart's creation was not projected");
  if (given.event().version <= known->lastSequenceNumber) return nullptr;
  auto& cart = given.document();
  cart.updatedAt = given.event().time;
  cart.lastSequenceNumber = given.event().version;
  return &cart;
}

auto find_item(cart_view& cart, std::string const& product, std::int64_t unit_price) {
  return std::ranges::find_if(cart.items, [&](auto const& each) { return each.product == product && each.unitPrice == unit_price; });
}

}  // namespace

void project(view& given, cart_created const& event) {
  if (given.find() != nullptr) return;
  auto& cart = given.document();
  cart.cartId = given.key();
  cart.userAccountId = event.user_account_id;
  cart.createdAt = given.event().time;
  cart.updatedAt = given.event().time;
  cart.lastSequenceNumber = given.event().version;
}

void project(view& given, cart_item_added const& event) {
  auto* cart = next(given);
  if (cart == nullptr) return;
  auto item = find_item(*cart, event.product_id, event.unit_price);
  if (item == cart->items.end()) {
    cart->items.push_back({.product = event.product_id, .name = {}, .quantity = 0, .unitPrice = event.unit_price, .lineTotal = 0});
    item = cart->items.end() - 1;
  }
  auto const amount = event.quantity * event.unit_price;
  item->quantity += event.quantity;
  item->lineTotal += amount;
  if (event.name) item->name = event.name;
  cart->itemCount += event.quantity;
  cart->total += amount;
}

void project(view& given, cart_item_removed const& event) {
  auto* cart = next(given);
  if (cart == nullptr) return;
  auto const item = find_item(*cart, event.product_id, event.unit_price);
  if (item == cart->items.end()) throw std::runtime_error("no line: the item that was removed is not in the document");
  auto const amount = event.quantity * event.unit_price;
  item->quantity -= event.quantity;
  item->lineTotal -= amount;
  if (item->quantity <= 0) cart->items.erase(item);
  cart->itemCount -= event.quantity;
  cart->total -= amount;
}

void project(view& given, cart_checked_out const&) {
  if (auto* cart = next(given)) cart->status = cart_status::checked_out;
}

void project(view& given, cart_abandoned const&) {
  if (auto* cart = next(given)) cart->status = cart_status::abandoned;
}

}  // namespace carts
