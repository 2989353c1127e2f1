#pragma once

#include "bench/load/embedded_lanes.hpp"

#include <evoke/runtime.hpp>

#include <memory>
#include <vector>

namespace evoke::load {

/// Subscriptions that count how old events are when they arrive. Must outlive the runtime, whose threads call back.
class embedded_followers {
 public:
  /// @param counting where, and within which window.
  embedded_followers(assignment const& todo, window const& times, embedded_lanes& counting)
      : todo_(todo), times_(times), counting_(counting) {}

  /// All from the head on. @returns what runtime::subscribe does.
  [[nodiscard]] result<void> follow(runtime& on);
  void cancel() noexcept;

 private:
  void ask(subscription& follower);

  assignment const& todo_;
  window const times_;
  embedded_lanes& counting_;
  std::vector<std::unique_ptr<subscription>> all_;
};

}  // namespace evoke::load
