#include "actors/recovery_pool.hpp"

#include <utility>

#include "model/thread_name.hpp"

namespace evoke::actors {

recovery_pool::recovery_pool(std::uint32_t threads) {
  threads_.reserve(threads);
  for (std::uint32_t i = 0; i < threads; ++i) threads_.emplace_back([this] { run(); });
}

recovery_pool::~recovery_pool() {
  stop();
}

void recovery_pool::submit(std::move_only_function<void()> task) {
  static_cast<void>(try_submit(std::move(task), SIZE_MAX));
}

bool recovery_pool::try_submit(std::move_only_function<void()> task, std::size_t most) {
  {
    std::lock_guard const lock(mutex_);
    if (stopping_ || waiting_.size() >= most) return false;
    waiting_.push_back(std::move(task));
  }
  work_.notify_one();
  return true;
}

void recovery_pool::stop() {
  {
    std::lock_guard const lock(mutex_);
    if (stopping_) return;
    stopping_ = true;
  }
  work_.notify_all();
  for (auto& each : threads_) each.join();
}

void recovery_pool::run() {
  detail::name_this_thread("evoke-disk");
  for (;;) {
    std::move_only_function<void()> task;
    {
      std::unique_lock lock(mutex_);
      work_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
      if (waiting_.empty()) return;
      task = std::move(waiting_.front());
      waiting_.pop_front();
    }
    task();
  }
}

}  // namespace evoke::actors
