#pragma once

#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <functional>
#include <memory>

#include "actors/worker_pool.hpp"

namespace evoke::detail {

/// Calls something every so often on worker 0: what a runtime does now and then, like passivating the idle.
class ticker {
 public:
  ticker(actors::worker_pool& pool, std::chrono::milliseconds interval, std::function<void()> tick);
  ~ticker() { stop(); }
  /// No call begins after this has been carried out on worker 0; with the workers ended, at once.
  void stop();

 private:
  struct shared;
  static void wait(std::shared_ptr<shared> const& with);
  std::shared_ptr<shared> shared_;
};

}  // namespace evoke::detail
