#pragma once

#include <evoke/runtime.hpp>

#include <future>
#include <memory>
#include <utility>

namespace evoke::detail {

/// A call with a callback as one with a future.
template <class T, class Call>
[[nodiscard]] std::future<T> as_future(Call&& call) {
  auto promise = std::make_shared<std::promise<T>>();
  auto waiting = promise->get_future();
  call(callback<T>([promise](T end) { promise->set_value(std::move(end)); }));
  return waiting;
}

}  // namespace evoke::detail
