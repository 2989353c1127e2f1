#pragma once

#include <evoke/rejection.hpp>

#include <boost/describe.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/// What is ordered, by whom and where it goes: the part that an order and its fulfilment have in common.
namespace orders {

struct order_item {
  std::string product_id;
  std::int64_t quantity = 0;
  std::int64_t price = 0;  ///< of one, in minor units
};

/// More in one order are refused: they bound its events and the work of fulfilling it.
inline constexpr std::size_t max_items = 500;
/// Of an address, a name or a reason.
inline constexpr std::size_t max_text_bytes = 1'000;

inline constexpr char const* default_currency = "KRW";

// ---- each answers with what is wrong, if anything is (order_item.cpp)

/// At least one item, each of a product that can be one, at least once, for no less than nothing; and all together within 64 bits.
std::optional<evoke::rejection> bad_items(std::vector<order_item> const& items);
std::optional<evoke::rejection> bad_customer(std::string const& customer_id);
/// A name or e-mail address that may be left out.
std::optional<evoke::rejection> bad_contact(std::optional<std::string> const& text, std::string const& field);
std::optional<evoke::rejection> bad_address(std::string const& shipping_address);
/// Three capital letters, as ISO 4217 has them.
std::optional<evoke::rejection> bad_currency(std::string const& currency);

/// Sum of price x quantity of items that are not bad.
std::int64_t total_of(std::vector<order_item> const& items);
/// Sum of the quantities.
std::int64_t count_of(std::vector<order_item> const& items);

bool is_blank(std::string const& text);

BOOST_DESCRIBE_STRUCT(order_item, (), (product_id, quantity, price))

}  // namespace orders
