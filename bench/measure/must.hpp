#pragma once

#include <evoke/result.hpp>

#include <stdexcept>
#include <type_traits>
#include <utility>

namespace evoke::bench {

/// What was got. @throws std::runtime_error with the failure's message: a measuring program has no other way on.
template <class T>
T must(result<T> got) {
  if (!got) throw std::runtime_error(got.error().message);
  if constexpr (!std::is_void_v<T>) return std::move(*got);
}

}  // namespace evoke::bench
