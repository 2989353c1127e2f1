#pragma once

#include "bench/load/verdict.hpp"
#include "bench/load/workload.hpp"

#include <evoke/runtime.hpp>

#include <functional>
#include <string>

namespace evoke::load {

/// How one operation ended.
struct call_end {
  verdict judged;
  std::string why{};  ///< of a failure
};

/// Makes one operation a call of the library: by name, with JSON, as a front end would. `done` is called once, on a thread of the runtime.
void make_call(runtime& on, operation const& what, placeholder_values const& values, std::move_only_function<void(call_end)> done);

/// The kinds that only a server has. @returns invalid_argument for them.
[[nodiscard]] result<void> can_be_called(workload const& work);

}  // namespace evoke::load
