#include "product.hpp"

#include <limits>
#include <optional>

namespace catalog {
namespace {

using evoke::context;
using evoke::decision;
using evoke::rejection;

rejection unknown_product() {
  return rejection::not_found("product_not_found", "There is no such product");
}

std::optional<rejection> bad_name(std::string const& name) {
  if (name.find_first_not_of(" \t\r\n\f\v") == std::string::npos) {
    return rejection::invalid("blank_product_name", "Product name must not be blank");
  }
  if (name.size() > max_text_bytes) {
    return rejection::invalid("name_too_long", "name must have " + std::to_string(max_text_bytes) + " bytes or less");
  }
  return std::nullopt;
}

std::optional<rejection> bad_price(std::int64_t price) {
  if (price > 0) return std::nullopt;
  return rejection::invalid("invalid_price", "price must be greater than zero");
}

}  // namespace

decision<product_created> decide(product const&, create_product const& command, context const& given) {
  if (given.exists()) return rejection::conflict("product_already_exists", "There is already a product of this id");
  if (auto why = bad_name(command.name)) return *why;
  if (auto why = bad_price(command.price)) return *why;
  if (command.quantity < 0) return rejection::invalid("invalid_quantity", "quantity must be 0 or more");
  return product_created{command.name, command.price, command.quantity};
}

decision<product_price_updated> decide(product const& state, update_product_price const& command, context const& given) {
  if (!given.exists()) return unknown_product();
  if (auto why = bad_price(command.new_price)) return *why;
  if (command.new_price == state.price) return evoke::nothing;
  return product_price_updated{command.new_price};
}

decision<product_quantity_adjusted> decide(product const& state, adjust_product_quantity const& command, context const& given) {
  if (!given.exists()) return unknown_product();
  if (command.reason.size() > max_text_bytes) {
    return rejection::invalid("reason_too_long", "reason must have " + std::to_string(max_text_bytes) + " bytes or less");
  }
  if (command.delta == 0) return evoke::nothing;
  if (command.delta > std::numeric_limits<std::int64_t>::max() - state.quantity) {
    return rejection::invalid("quantity_too_large", "The product's quantity would be too large");
  }
  // The quantity is never negative, so this sum cannot go below what 64 bits hold.
  if (state.quantity + command.delta < 0) {
    return rejection::invalid("insufficient_quantity", "There are only " + std::to_string(state.quantity) + " of it",
                              R"({"quantity":)" + std::to_string(state.quantity) + "}");
  }
  return product_quantity_adjusted{command.delta, command.reason};
}

void evolve(product& state, product_created const& event) {
  state.name = event.name;
  state.price = event.price;
  state.quantity = event.quantity;
}

void evolve(product& state, product_price_updated const& event) {
  state.price = event.new_price;
}

void evolve(product& state, product_quantity_adjusted const& event) {
  state.quantity += event.delta;
}

}  // namespace catalog
