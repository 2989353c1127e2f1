#pragma once

#include "cart.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/// The read model `carts`: what a client shows of a cart, one document each, keyed by the cart's id.
namespace carts {

// Boost.Describe's names are the members' names, and they are the names in JSON. The clients of such services expect camelCase there, so
// these members are written in it.

struct cart_view_item {
  std::string product;
  std::optional<std::string> name;  ///< the last one that was given
  std::int64_t quantity = 0;
  std::int64_t unitPrice = 0;  ///< minor units, as all amounts
  std::int64_t lineTotal = 0;
};

struct cart_view {
  std::string cartId;
  std::string userAccountId;
  std::vector<cart_view_item> items;  ///< in the order in which they were first added
  std::int64_t itemCount = 0;
  std::int64_t total = 0;
  cart_status status = cart_status::open;
  evoke::timestamp createdAt{};
  evoke::timestamp updatedAt{};         ///< of the cart's last event: the time it happened, whenever it is projected
  evoke::version lastSequenceNumber{};  ///< of that event; one at or below it changes nothing
};

// (cart_view.cpp)

void project(evoke::view<cart_view>&, cart_created const&);
void project(evoke::view<cart_view>&, cart_item_added const&);
void project(evoke::view<cart_view>&, cart_item_removed const&);
void project(evoke::view<cart_view>&, cart_checked_out const&);
void project(evoke::view<cart_view>&, cart_abandoned const&);

BOOST_DESCRIBE_STRUCT(cart_view_item, (), (product, name, quantity, unitPrice, lineTotal))
BOOST_DESCRIBE_STRUCT(cart_view, (), (cartId, userAccountId, items, itemCount, total, status, createdAt, updatedAt, lastSequenceNumber))

constexpr auto describe(evoke::type<cart_view>) {
  return evoke::projection<cart_view>("carts", 1)
      .from<cart>()
      .index<&cart_view::userAccountId>("user")
      .index<&cart_view::status, &cart_view::total>("status_total");
}

}  // namespace carts
