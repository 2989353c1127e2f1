#pragma once

#include <memory>

#include "actors/projection_actor.hpp"
#include "actors/worker_pool.hpp"

namespace evoke::detail {

/// Calls back at a time, on worker 0. What is outstanding when the workers end is never called.
class deadlines final : public actors::deadline_port {
 public:
  explicit deadlines(actors::worker_pool& pool) : pool_(pool) {}
  void call_at(std::chrono::steady_clock::time_point when, std::function<void()> what) override;

 private:
  actors::worker_pool& pool_;
};

}  // namespace evoke::detail
