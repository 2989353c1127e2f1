#include "stock.hpp"

#include <limits>
#include <optional>

namespace orders {
namespace {

using evoke::context;
using evoke::decision;
using evoke::rejection;

std::optional<rejection> bad_quantity(std::int64_t quantity) {
  if (quantity >= 1) return std::nullopt;
  return rejection::invalid("invalid_quantity", "quantity must be 1 or more");
}

std::optional<rejection> bad_reservation_id(std::string const& reservation_id) {
  auto const id = evoke::aggregate_id::parse(reservation_id);
  if (id) return std::nullopt;
  return rejection::invalid("invalid_reservation_id", "reservation_id is not an identifier: " + id.error().message);
}

reservation const* find(stock const& state, std::string const& reservation_id) {
  auto const found = state.reservations.find(reservation_id);
  return found == state.reservations.end() ? nullptr : &found->second;
}

}  // namespace

decision<stock_received> decide(stock const& state, receive_stock const& command, context const&) {
  if (auto why = bad_quantity(command.quantity)) return *why;
  if (command.quantity > std::numeric_limits<std::int64_t>::max() - state.on_hand) {
    return rejection::invalid("quantity_too_large", "The stock would be too large");
  }
  return stock_received{command.quantity};
}

decision<stock_reserved> decide(stock const& state, reserve_stock const& command, context const&) {
  if (auto why = bad_reservation_id(command.reservation_id)) return *why;
  if (auto why = bad_quantity(command.quantity)) return *why;
  if (auto const* known = find(state, command.reservation_id)) {
    if (known->released) return rejection::conflict("reservation_already_released", "This reservation was released");
    if (known->quantity != command.quantity) {
      return rejection::conflict("quantity_differs", "This reservation is for another quantity",
                                 R"({"quantity":)" + std::to_string(known->quantity) + "}");
    }
    return evoke::nothing;
  }
  auto const available = state.on_hand - state.reserved;
  if (command.quantity > available) {
    return rejection::invalid("insufficient_stock", "Not enough in stock: " + std::to_string(available) + " left",
                              R"({"available":)" + std::to_string(available) + "}");
  }
  return stock_reserved{command.reservation_id, command.quantity};
}

decision<stock_released> decide(stock const& state, release_stock const& command, context const&) {
  if (auto why = bad_reservation_id(command.reservation_id)) return *why;
  auto const* known = find(state, command.reservation_id);
  if (known == nullptr) return stock_released{command.reservation_id, 0};
  if (known->released) return evoke::nothing;
  return stock_released{command.reservation_id, known->quantity};
}

void evolve(stock& state, stock_received const& event) {
  state.on_hand += event.quantity;
}

void evolve(stock& state, stock_reserved const& event) {
  state.reserved += event.quantity;
  state.reservations[event.reservation_id] = {event.quantity, false};
}

void evolve(stock& state, stock_released const& event) {
  state.reserved -= event.quantity;
  state.reservations[event.reservation_id] = {event.quantity, true};
}

}  // namespace orders
