#include "order.hpp"

namespace orders {
namespace {

using evoke::context;
using evoke::decision;
using evoke::rejection;

std::string name_of(order_status status) {
  switch (status) {
    case order_status::DRAFT: return "DRAFT";
    case order_status::PLACED: return "PLACED";
    case order_status::CONFIRMED: return "CONFIRMED";
    case order_status::SHIPPED: return "SHIPPED";
    case order_status::CANCELLED: return "CANCELLED";
  }
  return {};
}

/// "Order can only be confirmed when in PLACED status", as a rejection that also says which status it is in.
rejection wrong_status(order const& state, std::string const& done, std::string const& wanted, context const& given) {
  auto const rule = "Order can only be " + done + " when in " + wanted + " status";
  if (!given.exists()) return rejection::not_found("order_not_found", rule + ": there is no such order");
  return rejection::invalid("wrong_order_status", rule, R"({"status":")" + name_of(state.status) + R"("})");
}

std::optional<rejection> bad_reason(std::string const& reason) {
  if (reason.size() <= max_text_bytes) return std::nullopt;
  return rejection::invalid("text_too_long", "reason must have " + std::to_string(max_text_bytes) + " bytes or less");
}

std::optional<rejection> bad_shipment(ship_order const& command) {
  if (is_blank(command.carrier)) return rejection::invalid("blank_carrier", "Carrier must not be blank");
  if (is_blank(command.tracking_number)) return rejection::invalid("blank_tracking_number", "Tracking number must not be blank");
  if (command.carrier.size() > max_text_bytes || command.tracking_number.size() > max_text_bytes) {
    return rejection::invalid("text_too_long",
                              "carrier and tracking_number must have " + std::to_string(max_text_bytes) + " bytes or less");
  }
  return std::nullopt;
}

}  // namespace

decision<order_placed> decide(order const&, place_order const& command, context const& given) {
  if (given.exists()) return rejection::conflict("order_already_exists", "Order can only be placed when in DRAFT status");
  auto const currency = command.currency.value_or(default_currency);
  if (auto why = bad_customer(command.customer_id)) return *why;
  if (auto why = bad_contact(command.customer_name, "customer_name")) return *why;
  if (auto why = bad_contact(command.customer_email, "customer_email")) return *why;
  if (auto why = bad_items(command.items)) return *why;
  if (auto why = bad_address(command.shipping_address)) return *why;
  if (auto why = bad_currency(currency)) return *why;
  return order_placed{.customer_id = command.customer_id,
                      .customer_name = command.customer_name,
                      .customer_email = command.customer_email,
                      .items = command.items,
                      .total_amount = total_of(command.items),
                      .shipping_address = command.shipping_address,
                      .currency = currency,
                      .shipping_method = "STANDARD"};
}

decision<order_confirmed> decide(order const& state, confirm_order const&, context const& given) {
  if (state.status != order_status::PLACED) return wrong_status(state, "confirmed", "PLACED", given);
  return order_confirmed{given.now()};
}

decision<order_shipped> decide(order const& state, ship_order const& command, context const& given) {
  if (state.status != order_status::CONFIRMED) return wrong_status(state, "shipped", "CONFIRMED", given);
  if (auto why = bad_shipment(command)) return *why;
  return order_shipped{command.carrier, command.tracking_number, given.now()};
}

decision<order_cancelled> decide(order const& state, cancel_order const& command, context const& given) {
  if (state.status != order_status::PLACED && state.status != order_status::CONFIRMED) {
    return wrong_status(state, "cancelled", "PLACED or CONFIRMED", given);
  }
  if (auto why = bad_reason(command.reason)) return *why;
  return order_cancelled{command.reason};
}

decision<order_cancelled> decide(order const& state, withdraw_order const& command, context const& given) {
  if (state.status == order_status::CANCELLED) return evoke::nothing;
  if (state.status == order_status::SHIPPED) return wrong_status(state, "withdrawn", "DRAFT, PLACED or CONFIRMED", given);
  if (auto why = bad_reason(command.reason)) return *why;
  return order_cancelled{command.reason};
}

order_placed upcast(order_placed_v1 const& stored) {
  return {.customer_id = stored.customer_id,
          .customer_name = stored.customer_name,
          .customer_email = stored.customer_email,
          .items = stored.items,
          .total_amount = stored.total_amount,
          .shipping_address = stored.shipping_address,
          .currency = "KRW",  // not the defaults of today: what was stored does not follow them
          .shipping_method = "STANDARD"};
}

void evolve(order& state, order_placed const& event) {
  state.status = order_status::PLACED;
  state.customer_id = event.customer_id;
  state.total_amount = event.total_amount;
  state.currency = event.currency;
}

void evolve(order& state, order_confirmed const&) {
  state.status = order_status::CONFIRMED;
}

void evolve(order& state, order_shipped const&) {
  state.status = order_status::SHIPPED;
}

void evolve(order& state, order_cancelled const&) {
  state.status = order_status::CANCELLED;
}

}  // namespace orders
