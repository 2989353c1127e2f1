#pragma once

#include <evoke/evoke.hpp>

#include <boost/describe.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/// Shopping carts: created for an account, filled and emptied line by line, in the end checked out or abandoned.
///
/// Money is an integer of minor units (cents, pence). Amounts are signed, so that a negative one is a rule violation that the domain
/// explains and not a JSON error. A line is one product at one price: the same product at another price is another line.
namespace carts {

// ---- what can be asked

struct create_cart {
  std::string user_account_id;
};
struct add_cart_item {
  std::string product_id;
  std::int64_t quantity = 0;
  std::int64_t unit_price = 0;
  std::optional<std::string> name;
};
struct remove_cart_item {
  std::string product_id;
  std::int64_t quantity = 0;
  std::optional<std::int64_t> unit_price;  ///< needed only when the product is there at several prices
};
struct check_out {};
struct abandon_cart {};

// ---- what can happen

struct cart_created {
  std::string user_account_id;
};
struct cart_item_added {
  std::string product_id;
  std::int64_t quantity = 0;
  std::int64_t unit_price = 0;
  std::optional<std::string> name;
};
struct cart_item_removed {
  std::string product_id;
  std::int64_t quantity = 0;
  std::int64_t unit_price = 0;
};
struct cart_checked_out {
  std::int64_t total = 0;
  std::int64_t item_count = 0;
};
struct cart_abandoned {};

// ---- what a cart is

enum class cart_status : std::uint8_t { open, checked_out, abandoned };

struct cart_line {
  std::string product_id;
  std::int64_t quantity = 0;
  std::int64_t unit_price = 0;
  std::optional<std::string> name;  ///< the last one that was given
};

struct cart {
  std::string user_account_id;
  cart_status status = cart_status::open;
  std::vector<cart_line> lines;  ///< in the order in which they were first added
  std::int64_t item_count = 0;   ///< sum of the lines' quantities
  std::int64_t total = 0;        ///< sum of quantity x unit price
};

/// A cart with more lines is refused. Everything a command looks at is in these lines, so this also bounds its time.
inline constexpr std::size_t max_lines = 1'000;
/// Bounds a line, and with max_lines the whole state.
inline constexpr std::size_t max_name_bytes = 1'000;

// ---- the rules (rules.cpp)

evoke::decision<cart_created> decide(cart const&, create_cart const&, evoke::context const&);
evoke::decision<cart_item_added> decide(cart const&, add_cart_item const&, evoke::context const&);
evoke::decision<cart_item_removed> decide(cart const&, remove_cart_item const&, evoke::context const&);
evoke::decision<cart_checked_out> decide(cart const&, check_out const&, evoke::context const&);
evoke::decision<cart_abandoned> decide(cart const&, abandon_cart const&, evoke::context const&);

void evolve(cart&, cart_created const&);
void evolve(cart&, cart_item_added const&);
void evolve(cart&, cart_item_removed const&);
void evolve(cart&, cart_checked_out const&);
void evolve(cart&, cart_abandoned const&);

// ---- their names to the outside, for ever

BOOST_DESCRIBE_STRUCT(create_cart, (), (user_account_id))
BOOST_DESCRIBE_STRUCT(add_cart_item, (), (product_id, quantity, unit_price, name))
BOOST_DESCRIBE_STRUCT(remove_cart_item, (), (product_id, quantity, unit_price))
BOOST_DESCRIBE_STRUCT(check_out, (), ())
BOOST_DESCRIBE_STRUCT(abandon_cart, (), ())

BOOST_DESCRIBE_STRUCT(cart_created, (), (user_account_id))
BOOST_DESCRIBE_STRUCT(cart_item_added, (), (product_id, quantity, unit_price, name))
BOOST_DESCRIBE_STRUCT(cart_item_removed, (), (product_id, quantity, unit_price))
BOOST_DESCRIBE_STRUCT(cart_checked_out, (), (total, item_count))
BOOST_DESCRIBE_STRUCT(cart_abandoned, (), ())

BOOST_DESCRIBE_ENUM(cart_status, open, checked_out, abandoned)
BOOST_DESCRIBE_STRUCT(cart_line, (), (product_id, quantity, unit_price, name))
BOOST_DESCRIBE_STRUCT(cart, (), (user_account_id, status, lines, item_count, total))

constexpr auto describe(evoke::type<cart>) {
  return evoke::aggregate<cart>("cart")
      .command<create_cart>("create_cart")
      .command<add_cart_item>("add_cart_item")
      .command<remove_cart_item>("remove_cart_item")
      .command<check_out>("check_out")
      .command<abandon_cart>("abandon_cart")
      .event<cart_created>("cart_created")
      .event<cart_item_added>("cart_item_added")
      .event<cart_item_removed>("cart_item_removed")
      .event<cart_checked_out>("cart_checked_out")
      .event<cart_abandoned>("cart_abandoned")
      .snapshot_every(100);
}

}  // namespace carts
