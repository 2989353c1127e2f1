#pragma once

#include <evoke/evoke.hpp>

#include <memory>
#include <utility>

#include "bench/measure/must.hpp"
#include "examples/carts/cart.hpp"

namespace evoke::bench {

/// A runtime that serves carts and no read model. @throws std::runtime_error when it does not start.
[[nodiscard]] inline std::unique_ptr<runtime> start_with_carts(runtime_options options) {
  registry types;
  must(types.add(define<carts::cart>()));
  return must(runtime::start(std::move(types), std::move(options)));
}

}  // namespace evoke::bench
