#pragma once

#include "bench/load/embedded_lanes.hpp"

#include <evoke/runtime.hpp>

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <mutex>
#include <vector>

namespace evoke::load {

/// Calls in flight against a runtime: up to `connections` of them, of `batch` operations each. Must outlive the runtime, whose threads call
/// back.
class embedded_load {
 public:
  embedded_load(assignment const& todo, window const& times);

  /// Closed loop: every caller calls, and again whenever it is answered, until the window ends.
  void start_all(runtime& on);
  /// Open loop: one call, when a caller is free before `until`. @returns false when none was.
  [[nodiscard]] bool start_one(runtime& on, steady::time_point due, steady::time_point until);
  /// Waits, and lets callers that met a failure go on: they would else call from within their own answers.
  void attend(runtime& on, steady::time_point until);
  /// No caller calls again.
  void end() noexcept { ended_.store(true, std::memory_order_relaxed); }
  /// Waits for all answers. @returns how many operations have none.
  [[nodiscard]] std::uint64_t drain(steady::time_point until);

  [[nodiscard]] embedded_lanes& lanes() noexcept { return lanes_; }

 private:
  struct caller {
    steady::time_point since;
    std::atomic<std::size_t> open{0};
    std::atomic<bool> failed{false};
  };
  void call(runtime& on, caller& by, steady::time_point since);
  void answered(runtime& on, caller& by, std::size_t operation, struct call_end const& end);
  void finished(runtime& on, caller& by, steady::time_point now);

  assignment const& todo_;
  window const times_;
  embedded_lanes lanes_;
  std::deque<caller> callers_;
  std::atomic<bool> ended_{false};
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<caller*> free_;     ///< open loop: not in flight; closed: done for good
  std::vector<caller*> resting_;  ///< closed loop: met a failure
};

}  // namespace evoke::load
