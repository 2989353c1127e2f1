#pragma once

#include "fulfilment.hpp"
#include "order.hpp"
#include "payment.hpp"
#include "stock.hpp"

#include <evoke/process.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// The process `order_fulfilment`: from the wish for an order to an order that is confirmed, paid for, and whose goods are reserved; or to
/// one of which nothing is left. Its instance is named after the order.
///
///     create_order -> process_payment -> reserve_inventory, item by item -> confirm_order
///
/// Each step waits for the outcome of the one before. A step that fails has those before it undone in reverse.
namespace orders {

// These enumerators are their names in JSON, and clients of such services expect them in capitals.
enum class fulfilment_status : std::uint8_t {
  STARTED,
  ORDER_CREATED,
  PAYMENT_PROCESSED,
  INVENTORY_RESERVED,
  COMPLETED,
  COMPENSATING,
  FAILED,
  COMPENSATION_FAILED,
};

struct order_fulfilment {
  fulfilment_status status = fulfilment_status::STARTED;
  std::string order_id;
  std::string customer_id;
  std::vector<order_item> items;
  std::int64_t total_amount = 0;
  std::optional<std::string> payment_id;
  std::uint32_t reserved_items = 0;
  std::optional<std::string> failure_reason;
};

/// Why an order is cancelled whose fulfilment failed.
inline constexpr char const* compensation_reason = "Saga compensation";

/// The name of the reservation of an order's item, counted from 0.
[[nodiscard]] std::string reservation_of(std::string_view order_id, std::uint32_t item);

// ---- what it does when (order_fulfilment.cpp)

evoke::reaction react(order_fulfilment&, fulfilment_started const&, evoke::context const&);
evoke::reaction react(order_fulfilment&, payment_completed const&, evoke::context const&);
evoke::reaction react(order_fulfilment&, payment_declined const&, evoke::context const&);
evoke::reaction react(order_fulfilment&, evoke::step_succeeded const&, evoke::context const&);
evoke::reaction react(order_fulfilment&, evoke::process_completed const&, evoke::context const&);
evoke::reaction react(order_fulfilment&, evoke::compensation_started const&, evoke::context const&);
evoke::reaction react(order_fulfilment&, evoke::compensation_ended const&, evoke::context const&);

// A customer's account serves many orders: the event says which.
std::string correlate(evoke::type<order_fulfilment>, payment_completed const&);
std::string correlate(evoke::type<order_fulfilment>, payment_declined const&);

// ---- its names to the outside, for ever

BOOST_DESCRIBE_ENUM(fulfilment_status, STARTED, ORDER_CREATED, PAYMENT_PROCESSED, INVENTORY_RESERVED, COMPLETED, COMPENSATING, FAILED,
                    COMPENSATION_FAILED)
BOOST_DESCRIBE_STRUCT(order_fulfilment, (),
                      (status, order_id, customer_id, items, total_amount, payment_id, reserved_items, failure_reason))

constexpr auto describe(evoke::type<order_fulfilment>) {
  return evoke::process<order_fulfilment>("order_fulfilment")
      .starts_on<fulfilment, fulfilment_started>()
      .follows<payment, payment_completed, payment_declined>();
}

}  // namespace orders
