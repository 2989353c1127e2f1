#pragma once

#include "order_item.hpp"

#include <evoke/evoke.hpp>

#include <boost/describe.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/// The wish for an order, before anything is done about it: what starts its fulfilment. Named after the order that is to be.
///
/// It is checked here for everything that can be known without looking at anything else, so that who asks hears of a mistake at once.
namespace orders {

// ---- what can be asked

struct start_fulfilment {
  std::string customer_id;
  std::optional<std::string> customer_name;
  std::optional<std::string> customer_email;
  std::vector<order_item> items;
  std::string shipping_address;
  std::optional<std::string> currency;  ///< absent = KRW
};

// ---- what can happen

struct fulfilment_started {
  std::string order_id;
  std::string customer_id;
  std::optional<std::string> customer_name;
  std::optional<std::string> customer_email;
  std::vector<order_item> items;
  std::int64_t total_amount = 0;  ///< sum of price x quantity: what is to be paid
  std::string shipping_address;
  std::string currency;
};

// ---- what it is: once started, it is what its event says

struct fulfilment {
  bool started = false;
};

/// An order's reservations are named after it, item by item, and their names are identifiers of 128 bytes at most, too.
inline constexpr std::size_t max_order_id_bytes = 120;

// ---- the rules (fulfilment_rules.cpp)

evoke::decision<fulfilment_started> decide(fulfilment const&, start_fulfilment const&, evoke::context const&);

void evolve(fulfilment&, fulfilment_started const&);

// ---- their names to the outside, for ever

BOOST_DESCRIBE_STRUCT(start_fulfilment, (), (customer_id, customer_name, customer_email, items, shipping_address, currency))
BOOST_DESCRIBE_STRUCT(fulfilment_started, (),
                      (order_id, customer_id, customer_name, customer_email, items, total_amount, shipping_address, currency))
BOOST_DESCRIBE_STRUCT(fulfilment, (), (started))

constexpr auto describe(evoke::type<fulfilment>) {
  return evoke::aggregate<fulfilment>("fulfilment")
      .command<start_fulfilment>("start_fulfilment")
      .event<fulfilment_started>("fulfilment_started");
}

}  // namespace orders
