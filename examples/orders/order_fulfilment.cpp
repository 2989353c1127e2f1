#include "order_fulfilment.hpp"

namespace orders {
namespace {

using evoke::context;
using evoke::reaction;
using evoke::to;

constexpr std::string_view create_step = "create_order";
constexpr std::string_view payment_step = "process_payment";
constexpr std::string_view reserve_step = "reserve_inventory";
constexpr std::string_view confirm_step = "confirm_order";

reaction reserve_next(order_fulfilment const& state) {
  auto const& item = state.items[state.reserved_items];
  auto const reservation = reservation_of(state.order_id, state.reserved_items);
  return reaction{}
      .execute(std::string(reserve_step), to<stock>(item.product_id, reserve_stock{reservation, item.quantity}))
      .undo(to<stock>(item.product_id, release_stock{reservation}));
}

}  // namespace

std::string reservation_of(std::string_view order_id, std::uint32_t item) {
  return std::string(order_id).append(":").append(std::to_string(item + 1));
}

reaction react(order_fulfilment& state, fulfilment_started const& event, context const&) {
  state.order_id = event.order_id;
  state.customer_id = event.customer_id;
  state.items = event.items;
  state.total_amount = event.total_amount;
  return reaction{}
      .execute(std::string(create_step), to<order>(event.order_id, place_order{.customer_id = event.customer_id,
                                                                               .customer_name = event.customer_name,
                                                                               .customer_email = event.customer_email,
                                                                               .items = event.items,
                                                                               .shipping_address = event.shipping_address,
                                                                               .currency = event.currency}))
      .undo(to<order>(event.order_id, withdraw_order{compensation_reason}));
}

reaction react(order_fulfilment& state, evoke::step_succeeded const& step, context const&) {
  if (step.step == create_step) {
    state.status = fulfilment_status::ORDER_CREATED;
    return reaction{}
        .execute(std::string(payment_step), to<payment>(state.customer_id, authorize_payment{state.order_id, state.total_amount}))
        .undo(to<payment>(state.customer_id, refund_payment{state.order_id, {}}));
  }
  // What came of the payment its events say. Without one, somebody else has asked for it before, and it is not ours to use.
  if (step.step == payment_step && step.events.empty()) return reaction{}.compensate("The payment was made by somebody else");
  if (step.step != reserve_step) return {};
  if (++state.reserved_items < state.items.size()) return reserve_next(state);
  state.status = fulfilment_status::INVENTORY_RESERVED;
  return reaction{}.execute(std::string(confirm_step), to<order>(state.order_id, confirm_order{})).complete();
}

reaction react(order_fulfilment& state, payment_completed const& event, context const&) {
  state.status = fulfilment_status::PAYMENT_PROCESSED;
  state.payment_id = event.payment_id;
  return reserve_next(state).undo_of(std::string(payment_step),
                                     to<payment>(state.customer_id, refund_payment{state.order_id, event.payment_id}));
}

reaction react(order_fulfilment&, payment_declined const& event, context const&) {
  return reaction{}.compensate("Payment declined: " + event.reason);
}

reaction react(order_fulfilment& state, evoke::process_completed const&, context const&) {
  state.status = fulfilment_status::COMPLETED;
  return {};
}

reaction react(order_fulfilment& state, evoke::compensation_started const& event, context const&) {
  state.status = fulfilment_status::COMPENSATING;
  state.failure_reason = event.reason;
  return {};
}

reaction react(order_fulfilment& state, evoke::compensation_ended const& event, context const&) {
  state.status = event.complete ? fulfilment_status::FAILED : fulfilment_status::COMPENSATION_FAILED;
  return {};
}

std::string correlate(evoke::type<order_fulfilment>, payment_completed const& event) {
  return event.order_id;
}

std::string correlate(evoke::type<order_fulfilment>, payment_declined const& event) {
  return event.order_id;
}

}  // namespace orders
