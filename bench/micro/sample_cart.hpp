#pragma once

#include "examples/carts/cart.hpp"

#include <cstdint>
#include <string>

/// The cart that all subjects measure with: twenty lines at most, however long its stream, so that what grows is its history.
namespace evoke::bench {

inline constexpr std::uint64_t kLines = 20;

/// What the event at this version added, from 2 on.
[[nodiscard]] inline carts::cart_item_added item_added(std::uint64_t at) {
  auto const product = at % kLines;
  return {"sku-" + std::to_string(product), 1, 100 + static_cast<std::int64_t>(product), "WHITE HANGING HEART"};
}

[[nodiscard]] inline carts::add_cart_item add_item(std::uint64_t at) {
  auto const [product, quantity, price, name] = item_added(at);
  return {product, quantity, price, name};
}

/// All its lines are there.
[[nodiscard]] inline carts::cart full_cart() {
  carts::cart made;
  evolve(made, carts::cart_created{"user-1"});
  for (std::uint64_t at = 2; at < 2 + kLines; ++at) evolve(made, item_added(at));
  return made;
}

}  // namespace evoke::bench
