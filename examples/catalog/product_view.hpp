#pragma once

#include "product.hpp"

#include <cstdint>
#include <string>

/// The read model `product_summaries`: what a shop window shows of each product, one document each, keyed by the product's id.
namespace catalog {

// Boost.Describe's names are the members' names, and they are the names in JSON. The clients of such services expect camelCase there, so
// these members are written in it.

struct product_summary {
  std::string productId;
  std::string name;
  std::int64_t currentPrice = 0;  ///< minor units
  std::int64_t quantityOnHand = 0;
  evoke::timestamp lastUpdated{};  ///< of the product's last event: when it happened, whenever it is projected
};

// (product_view.cpp)

void project(evoke::view<product_summary>&, product_created const&);
void project(evoke::view<product_summary>&, product_price_updated const&);
void project(evoke::view<product_summary>&, product_quantity_adjusted const&);

BOOST_DESCRIBE_STRUCT(product_summary, (), (productId, name, currentPrice, quantityOnHand, lastUpdated))

constexpr auto describe(evoke::type<product_summary>) {
  return evoke::projection<product_summary>("product_summaries", 1)
      .from<product>()
      .index<&product_summary::name>("name")
      .index<&product_summary::currentPrice>("price");
}

}  // namespace catalog
