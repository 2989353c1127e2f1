#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <mutex>

#include "actors/services.hpp"

namespace evoke::detail {

/// Tasks one after another on the background threads, in the order they came: for what must not run twice at once and may block on the
/// disk. Any thread. Tasks keep the lane alive. When the background threads have ended, tasks are dropped: what they keep may keep the
/// lane.
class serial_lane : public std::enable_shared_from_this<serial_lane> {
 public:
  explicit serial_lane(actors::background& pool) : pool_(pool) {}

  void run(std::move_only_function<void()> task) {
    {
      std::lock_guard const lock(mutex_);
      if (dropping_) return;
      waiting_.push_back(std::move(task));
      if (std::exchange(busy_, true)) return;
    }
    go_on();
  }

 private:
  /// The lane's place among what the background threads have to do. Destroyed unused when they will not come to it.
  class turn {
   public:
    explicit turn(std::shared_ptr<serial_lane> lane) : lane_(std::move(lane)) {}
    turn(turn&&) noexcept = default;
    turn& operator=(turn&&) = delete;
    ~turn() {
      if (lane_) lane_->drop();
    }
    void operator()() { std::exchange(lane_, nullptr)->run_one(); }

   private:
    std::shared_ptr<serial_lane> lane_;
  };

  /// A thread is given back after each task, so that a busy lane does not keep it from the others.
  void go_on() { pool_.submit(turn(shared_from_this())); }

  void run_one() {
    std::move_only_function<void()> task;
    {
      std::lock_guard const lock(mutex_);
      task = std::move(waiting_.front());
      waiting_.pop_front();
    }
    task();
    {
      std::lock_guard const lock(mutex_);
      if (waiting_.empty()) {
        busy_ = false;
        return;
      }
    }
    go_on();
  }

  void drop() {
    std::deque<std::move_only_function<void()>> dropped;  // destroyed outside the lock: what they keep may come back here
    std::lock_guard const lock(mutex_);
    dropping_ = true;
    dropped.swap(waiting_);
  }

  actors::background& pool_;
  std::mutex mutex_;
  std::deque<std::move_only_function<void()>> waiting_;
  bool busy_ = false;
  bool dropping_ = false;
};

}  // namespace evoke::detail
