#pragma once

#include "order_item.hpp"

#include <evoke/evoke.hpp>

#include <boost/describe.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/// Orders: placed by a customer, confirmed when they are paid for and the goods are there, shipped; or cancelled before that.
///
/// Money is an integer of minor units. Quantities and prices are signed, so that a negative one is a rule violation that the domain
/// explains and not a JSON error.
namespace orders {

// ---- what can be asked

struct place_order {
  std::string customer_id;
  std::optional<std::string> customer_name;
  std::optional<std::string> customer_email;
  std::vector<order_item> items;
  std::string shipping_address;
  std::optional<std::string> currency;  ///< absent = KRW
};
struct confirm_order {};
struct ship_order {
  std::string carrier;
  std::string tracking_number;
};
struct cancel_order {
  std::string reason;
};
/// Takes place_order back for somebody who cannot know whether it arrived: an order that was never placed is cancelled all the same, and
/// cannot be placed any more.
struct withdraw_order {
  std::string reason;
};

// ---- what can happen

/// Schema version 2. Version 1 had neither currency nor shipping method.
struct order_placed {
  std::string customer_id;
  std::optional<std::string> customer_name;
  std::optional<std::string> customer_email;
  std::vector<order_item> items;
  std::int64_t total_amount = 0;  ///< sum of price x quantity
  std::string shipping_address;
  std::string currency;
  std::string shipping_method;
};
struct order_placed_v1 {
  std::string customer_id;
  std::optional<std::string> customer_name;
  std::optional<std::string> customer_email;
  std::vector<order_item> items;
  std::int64_t total_amount = 0;
  std::string shipping_address;
};
struct order_confirmed {
  evoke::timestamp confirmed_at{};
};
struct order_shipped {
  std::string carrier;
  std::string tracking_number;
  evoke::timestamp shipped_at{};
};
struct order_cancelled {
  std::string reason;
};

// ---- what an order is

// These enumerators are their names in JSON, and clients of such services expect them in capitals.
enum class order_status : std::uint8_t {
  DRAFT,  ///< not placed yet
  PLACED,
  CONFIRMED,
  SHIPPED,
  CANCELLED,
};

struct order {
  order_status status = order_status::DRAFT;
  std::string customer_id;
  std::int64_t total_amount = 0;
  std::string currency;
};

// ---- the rules (order_rules.cpp)

evoke::decision<order_placed> decide(order const&, place_order const&, evoke::context const&);
evoke::decision<order_confirmed> decide(order const&, confirm_order const&, evoke::context const&);
evoke::decision<order_shipped> decide(order const&, ship_order const&, evoke::context const&);
evoke::decision<order_cancelled> decide(order const&, cancel_order const&, evoke::context const&);
evoke::decision<order_cancelled> decide(order const&, withdraw_order const&, evoke::context const&);

/// What was stored as version 1 was in won and went the usual way.
order_placed upcast(order_placed_v1 const&);

void evolve(order&, order_placed const&);
void evolve(order&, order_confirmed const&);
void evolve(order&, order_shipped const&);
void evolve(order&, order_cancelled const&);

// ---- their names to the outside, for ever

BOOST_DESCRIBE_STRUCT(place_order, (), (customer_id, customer_name, customer_email, items, shipping_address, currency))
BOOST_DESCRIBE_STRUCT(confirm_order, (), ())
BOOST_DESCRIBE_STRUCT(ship_order, (), (carrier, tracking_number))
BOOST_DESCRIBE_STRUCT(cancel_order, (), (reason))
BOOST_DESCRIBE_STRUCT(withdraw_order, (), (reason))

BOOST_DESCRIBE_STRUCT(order_placed, (),
                      (customer_id, customer_name, customer_email, items, total_amount, shipping_address, currency, shipping_method))
BOOST_DESCRIBE_STRUCT(order_placed_v1, (), (customer_id, customer_name, customer_email, items, total_amount, shipping_address))
BOOST_DESCRIBE_STRUCT(order_confirmed, (), (confirmed_at))
BOOST_DESCRIBE_STRUCT(order_shipped, (), (carrier, tracking_number, shipped_at))
BOOST_DESCRIBE_STRUCT(order_cancelled, (), (reason))

BOOST_DESCRIBE_ENUM(order_status, DRAFT, PLACED, CONFIRMED, SHIPPED, CANCELLED)
BOOST_DESCRIBE_STRUCT(order, (), (status, customer_id, total_amount, currency))

constexpr auto describe(evoke::type<order>) {
  return evoke::aggregate<order>("order")
      .command<place_order>("place_order")
      .command<confirm_order>("confirm_order")
      .command<ship_order>("ship_order")
      .command<cancel_order>("cancel_order")
      .command<withdraw_order>("withdraw_order")
      .event<order_placed>("order_placed", 2)
      .event<order_confirmed>("order_confirmed")
      .event<order_shipped>("order_shipped")
      .event<order_cancelled>("order_cancelled")
      .former<order_placed_v1>("order_placed", 1);
}

}  // namespace orders
