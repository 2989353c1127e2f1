#pragma once

#include <evoke/evoke.hpp>

#include <boost/describe.hpp>

#include <cstdint>
#include <string>

/// Products: what there is to buy, for how much, and how many of it are there.
///
/// Money is an integer of minor units (cents, pence). Prices and quantities are signed, so that a negative one is a rule violation that the
/// domain explains and not a JSON error.
namespace catalog {

// ---- what can be asked

struct create_product {
  std::string name;
  std::int64_t price = 0;
  std::int64_t quantity = 0;
};
struct update_product_price {
  std::int64_t new_price = 0;
};
struct adjust_product_quantity {
  std::int64_t delta = 0;  ///< positive: so many came in; negative: so many went out
  std::string reason;
};

// ---- what can happen

struct product_created {
  std::string name;
  std::int64_t price = 0;
  std::int64_t quantity = 0;
};
struct product_price_updated {
  std::int64_t new_price = 0;
};
struct product_quantity_adjusted {
  std::int64_t delta = 0;
  std::string reason;
};

// ---- what a product is

struct product {
  std::string name;
  std::int64_t price = 0;
  std::int64_t quantity = 0;
};

/// Of a name or a reason. Bounds the state and every event.
inline constexpr std::size_t max_text_bytes = 1'000;

// ---- the rules (rules.cpp)

evoke::decision<product_created> decide(product const&, create_product const&, evoke::context const&);
evoke::decision<product_price_updated> decide(product const&, update_product_price const&, evoke::context const&);
evoke::decision<product_quantity_adjusted> decide(product const&, adjust_product_quantity const&, evoke::context const&);

void evolve(product&, product_created const&);
void evolve(product&, product_price_updated const&);
void evolve(product&, product_quantity_adjusted const&);

// ---- their names to the outside, for ever

BOOST_DESCRIBE_STRUCT(create_product, (), (name, price, quantity))
BOOST_DESCRIBE_STRUCT(update_product_price, (), (new_price))
BOOST_DESCRIBE_STRUCT(adjust_product_quantity, (), (delta, reason))

BOOST_DESCRIBE_STRUCT(product_created, (), (name, price, quantity))
BOOST_DESCRIBE_STRUCT(product_price_updated, (), (new_price))
BOOST_DESCRIBE_STRUCT(product_quantity_adjusted, (), (delta, reason))

BOOST_DESCRIBE_STRUCT(product, (), (name, price, quantity))

constexpr auto describe(evoke::type<product>) {
  return evoke::aggregate<product>("product")
      .command<create_product>("create_product")
      .command<update_product_price>("update_product_price")
      .command<adjust_product_quantity>("adjust_product_quantity")
      .event<product_created>("product_created")
      .event<product_price_updated>("product_price_updated")
      .event<product_quantity_adjusted>("product_quantity_adjusted")
      .snapshot_every(100);
}

}  // namespace catalog
