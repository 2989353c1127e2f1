#include "payment.hpp"

namespace orders {
namespace {

using evoke::context;
using evoke::decision;
using evoke::rejection;

std::optional<rejection> bad_order_id(std::string const& order_id) {
  auto const id = evoke::aggregate_id::parse(order_id);
  if (id) return std::nullopt;
  return rejection::invalid("invalid_order_id", "order_id is not an identifier: " + id.error().message);
}

order_payment const* find(payment const& state, std::string const& order_id) {
  auto const found = state.by_order.find(order_id);
  return found == state.by_order.end() ? nullptr : &found->second;
}

}  // namespace

decision<credit_limit_set> decide(payment const& state, set_credit_limit const& command, context const& given) {
  if (command.amount < 0) return rejection::invalid("invalid_credit_limit", "credit limit must be 0 or more");
  if (given.exists() && command.amount == state.credit_limit) return evoke::nothing;
  return credit_limit_set{command.amount};
}

decision<payment_completed, payment_declined> decide(payment const& state, authorize_payment const& command, context const& given) {
  if (auto why = bad_order_id(command.order_id)) return *why;
  if (command.amount < 0) return rejection::invalid("invalid_amount", "amount must be 0 or more");
  if (auto const* known = find(state, command.order_id)) {
    if (known->status == payment_status::refunded) {
      return rejection::conflict("payment_already_refunded", "The order's payment was refunded: it cannot be charged any more");
    }
    if (known->amount != command.amount) {
      return rejection::conflict("amount_differs", "The order's payment is for another amount",
                                 R"({"amount":)" + std::to_string(known->amount) + "}");
    }
    return evoke::nothing;  // it was asked before, and what was answered then still holds
  }
  // A limit may have been lowered below what is charged, so the difference may be negative, but neither is, so it cannot overflow.
  if (command.amount > state.credit_limit - state.charged) {
    return payment_declined{command.order_id, command.amount, "Credit limit exceeded"};
  }
  return payment_completed{given.new_id().str(), command.order_id, command.amount};
}

decision<payment_refunded> decide(payment const& state, refund_payment const& command, context const&) {
  if (auto why = bad_order_id(command.order_id)) return *why;
  auto const* known = find(state, command.order_id);
  if (known == nullptr) return payment_refunded{command.order_id, 0, {}};
  // What was declined is charged no more, with or without a refund.
  if (known->status != payment_status::completed) return evoke::nothing;
  if (command.payment_id && command.payment_id != known->payment_id) {
    return rejection::conflict("payment_id_differs", "The order was paid for by another payment");
  }
  return payment_refunded{command.order_id, known->amount, known->payment_id};
}

void evolve(payment& state, credit_limit_set const& event) {
  state.credit_limit = event.amount;
}

void evolve(payment& state, payment_completed const& event) {
  state.charged += event.amount;
  state.by_order[event.order_id] = {payment_status::completed, event.amount, event.payment_id};
}

void evolve(payment& state, payment_declined const& event) {
  state.by_order[event.order_id] = {payment_status::declined, event.amount, {}};
}

void evolve(payment& state, payment_refunded const& event) {
  state.charged -= event.amount;
  state.by_order[event.order_id] = {payment_status::refunded, event.amount, event.payment_id};
}

}  // namespace orders
