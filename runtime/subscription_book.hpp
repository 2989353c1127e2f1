#pragma once

#include <evoke/subscription.hpp>

#include <cstddef>
#include <memory>
#include <mutex>
#include <unordered_map>
#include <vector>

namespace evoke::detail {

/// The subscriptions that are open: bounded in number, and to be found when the runtime stops. Any thread; outlives all of them.
class subscription_book {
 public:
  explicit subscription_book(std::size_t most) : most_(most) {}

  /// False when there are as many as may be, or the runtime stops.
  [[nodiscard]] bool enter(std::shared_ptr<subscription::state> const& one) {
    std::lock_guard const lock(mutex_);
    if (closed_ || open_.size() >= most_) return false;
    open_.emplace(one.get(), one);
    return true;
  }
  void leave(subscription::state const* one) noexcept {
    std::lock_guard const lock(mutex_);
    open_.erase(one);
  }
  [[nodiscard]] std::size_t size() const {
    std::lock_guard const lock(mutex_);
    return open_.size();
  }
  /// Refuses those that come, and hands out those there are.
  [[nodiscard]] std::vector<std::shared_ptr<subscription::state>> close() {
    std::lock_guard const lock(mutex_);
    closed_ = true;
    std::vector<std::shared_ptr<subscription::state>> all;
    for (auto const& [key, one] : open_)
      if (auto alive = one.lock()) all.push_back(std::move(alive));
    return all;
  }

 private:
  mutable std::mutex mutex_;
  std::size_t const most_;
  bool closed_ = false;
  std::unordered_map<subscription::state const*, std::weak_ptr<subscription::state>> open_;
};

}  // namespace evoke::detail
