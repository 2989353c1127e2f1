#include "fulfilment.hpp"

namespace orders {

using evoke::rejection;

evoke::decision<fulfilment_started> decide(fulfilment const& state, start_fulfilment const& command, evoke::context const& given) {
  if (state.started) return rejection::conflict("fulfilment_already_started", "The fulfilment of this order has been started");
  if (given.id().str().size() > max_order_id_bytes) {
    return rejection::invalid("order_id_too_long", "An order's id must have " + std::to_string(max_order_id_bytes) + " bytes or less");
  }
  auto const currency = command.currency.value_or(default_currency);
  if (auto why = bad_customer(command.customer_id)) return *why;
  if (auto why = bad_contact(command.customer_name, "customer_name")) return *why;
  if (auto why = bad_contact(command.customer_email, "customer_email")) return *why;
  if (auto why = bad_items(command.items)) return *why;
  if (auto why = bad_address(command.shipping_address)) return *why;
  if (auto why = bad_currency(currency)) return *why;
  return fulfilment_started{.order_id = given.id().str(),
                            .customer_id = command.customer_id,
                            .customer_name = command.customer_name,
                            .customer_email = command.customer_email,
                            .items = command.items,
                            .total_amount = total_of(command.items),
                            .shipping_address = command.shipping_address,
                            .currency = currency};
}

void evolve(fulfilment& state, fulfilment_started const&) {
  state.started = true;
}

}  // namespace orders
