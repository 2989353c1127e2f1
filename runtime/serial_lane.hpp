#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <mutex>

#include "actors/services.hpp"

namespace evoke::detail {

/// Tasks one after another on the background threads, in the order they came: for what must not run twice at once and may block on the
/// disk. Any thread. Tasks keep the lane alive.
class serial_lane : public std::enable_shared_from_this<serial_lane> {
 public:
  explicit serial_lane(actors::background& pool) : pool_(pool) {}

  void run(std::move_only_function<void()> task) {
    {
      std::lock_guard const lock(mutex_);
      waiting_.push_back(std::move(task));
      if (std::exchange(busy_, true)) return;
    }
    go_on();
  }

 private:
  /// A thread is given back after each task, so that a busy lane does not keep it from the others.
  void go_on() {
    pool_.submit([self = shared_from_this()] {
      std::move_only_function<void()> task;
      {
        std::lock_guard const lock(self->mutex_);
        task = std::move(self->waiting_.front());
        self->waiting_.pop_front();
      }
      task();
      {
        std::lock_guard const lock(self->mutex_);
        if (self->waiting_.empty()) {
          self->busy_ = false;
          return;
        }
      }
      self->go_on();
    });
  }

  actors::background& pool_;
  std::mutex mutex_;
  std::deque<std::move_only_function<void()>> waiting_;
  bool busy_ = false;
};

}  // namespace evoke::detail
