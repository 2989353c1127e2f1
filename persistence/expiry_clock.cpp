#include "persistence/expiry_clock.hpp"

#include <algorithm>

namespace evoke::persistence {

void expiry_clock::start() {
  start(timestamp::max());
}

void expiry_clock::start(timestamp known) {
  std::lock_guard const lock(guard_);
  base_ = std::min(source_->now(), known);
  base_steady_ = source_->steady();
  started_ = true;
}

timestamp expiry_clock::now() const {
  std::lock_guard const lock(guard_);
  if (!started_) return {};
  auto const wall = source_->now();
  auto const steady = source_->steady();
  auto const believed = base_ + std::chrono::duration_cast<std::chrono::microseconds>(steady - base_steady_);
  if (wall > believed + how_.tolerance) {
    if (!leaping_) leap_seen_ = steady;
    leaping_ = true;
    if (steady - leap_seen_ < how_.confirm_after) return believed;
  }
  leaping_ = false;
  base_ = wall;
  base_steady_ = steady;
  return wall;
}

}  // namespace evoke::persistence
