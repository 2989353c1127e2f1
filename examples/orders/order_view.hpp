#pragma once

#include "order.hpp"

#include <cstdint>
#include <optional>
#include <string>

/// The read model `order_summaries`: what a list of orders shows, one document each, keyed by the order's id.
namespace orders {

// Boost.Describe's names are the members' names, and they are the names in JSON. The clients of such services expect camelCase there, so
// these members are written in it.

struct order_summary {
  std::string orderId;
  std::string customerId;
  std::optional<std::string> customerName;
  std::optional<std::string> customerEmail;
  evoke::timestamp orderDate{};  ///< when it was placed
  order_status status = order_status::DRAFT;
  std::int64_t totalAmount = 0;    ///< minor units
  std::int64_t itemCount = 0;      ///< sum of the items' quantities
  evoke::timestamp lastUpdated{};  ///< of the order's last event: when it happened, whenever it is projected
};

// (order_view.cpp)

void project(evoke::view<order_summary>&, order_placed const&);
void project(evoke::view<order_summary>&, order_confirmed const&);
void project(evoke::view<order_summary>&, order_shipped const&);
void project(evoke::view<order_summary>&, order_cancelled const&);

BOOST_DESCRIBE_STRUCT(order_summary, (),
                      (orderId, customerId, customerName, customerEmail, orderDate, status, totalAmount, itemCount, lastUpdated))

constexpr auto describe(evoke::type<order_summary>) {
  return evoke::projection<order_summary>("order_summaries", 1)
      .from<order>()
      .index<&order_summary::customerId, &order_summary::orderDate>("customer")
      .index<&order_summary::status, &order_summary::orderDate>("status");
}

}  // namespace orders
