#pragma once

#include <evoke/evoke.hpp>

#include <boost/describe.hpp>

#include <cstdint>
#include <map>
#include <string>

/// Stock: how many of one product there are, and for whom they are held. One aggregate a product, named after it.
///
/// Everything about a reservation is idempotent by its id: it holds its quantity once and gives it back once, however often it is asked. A
/// release of a reservation that is not there is recorded, too, and bars one that arrives later.
namespace orders {

// ---- what can be asked

struct receive_stock {
  std::int64_t quantity = 0;
};
struct reserve_stock {
  std::string reservation_id;
  std::int64_t quantity = 0;
};
struct release_stock {
  std::string reservation_id;
};

// ---- what can happen

struct stock_received {
  std::int64_t quantity = 0;
};
struct stock_reserved {
  std::string reservation_id;
  std::int64_t quantity = 0;
};
struct stock_released {
  std::string reservation_id;
  std::int64_t quantity = 0;  ///< 0 when there was no such reservation
};

// ---- what stock is

struct reservation {
  std::int64_t quantity = 0;
  bool released = false;
};

struct stock {
  std::int64_t on_hand = 0;                         ///< all that was ever received
  std::int64_t reserved = 0;                        ///< sum of the reservations that are not released; never more than on_hand
  std::map<std::string, reservation> reservations;  ///< one entry for every id that was ever reserved or released
};

// ---- the rules (stock_rules.cpp)

evoke::decision<stock_received> decide(stock const&, receive_stock const&, evoke::context const&);
evoke::decision<stock_reserved> decide(stock const&, reserve_stock const&, evoke::context const&);
evoke::decision<stock_released> decide(stock const&, release_stock const&, evoke::context const&);

void evolve(stock&, stock_received const&);
void evolve(stock&, stock_reserved const&);
void evolve(stock&, stock_released const&);

// ---- their names to the outside, for ever

BOOST_DESCRIBE_STRUCT(receive_stock, (), (quantity))
BOOST_DESCRIBE_STRUCT(reserve_stock, (), (reservation_id, quantity))
BOOST_DESCRIBE_STRUCT(release_stock, (), (reservation_id))

BOOST_DESCRIBE_STRUCT(stock_received, (), (quantity))
BOOST_DESCRIBE_STRUCT(stock_reserved, (), (reservation_id, quantity))
BOOST_DESCRIBE_STRUCT(stock_released, (), (reservation_id, quantity))

BOOST_DESCRIBE_STRUCT(reservation, (), (quantity, released))
BOOST_DESCRIBE_STRUCT(stock, (), (on_hand, reserved, reservations))

constexpr auto describe(evoke::type<stock>) {
  return evoke::aggregate<stock>("stock")
      .command<receive_stock>("receive_stock")
      .command<reserve_stock>("reserve_stock")
      .command<release_stock>("release_stock")
      .event<stock_received>("stock_received")
      .event<stock_reserved>("stock_reserved")
      .event<stock_released>("stock_released")
      .snapshot_every(1'000);  // the state remembers every reservation, so a snapshot of a busy product's is not small
}

}  // namespace orders
