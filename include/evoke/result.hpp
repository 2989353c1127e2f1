#pragma once

#include <evoke/failure.hpp>

#include <expected>
#include <utility>

namespace evoke {

/// A value, or the failure that kept it from coming about. Errors are values throughout evoke; no function of the public
/// interface throws anything but std::bad_alloc. A domain's "no" is never a failure: see rejection.hpp.
template <class T>
using result = std::expected<T, failure>;

/// Shorthand for returning a failure from a function whose return type is `result<T>`.
[[nodiscard]] inline std::unexpected<failure> fail(errc code, std::string message) {
  return std::unexpected<failure>(failure{code, std::move(message), {}, {}, {}});
}

[[nodiscard]] inline std::unexpected<failure> fail(failure why) {
  return std::unexpected<failure>(std::move(why));
}

}  // namespace evoke
