#include "actors/position_waiters.hpp"

#include <utility>

namespace evoke::actors {

bool position_waiters::add(std::uint64_t number, time deadline, answer done) {
  std::lock_guard const lock(mutex_);
  bool const first = by_time_.empty() || deadline < by_time_.begin()->first;
  auto const serial = next_++;
  waiting_.emplace(serial, one{by_number_.emplace(number, serial), by_time_.emplace(deadline, serial), std::move(done)});
  return first;
}

void position_waiters::passed(std::uint64_t number) {
  std::vector<answer> ready;
  {
    std::lock_guard const lock(mutex_);
    while (!by_number_.empty() && by_number_.begin()->first <= number) {
      auto found = waiting_.extract(by_number_.begin()->second);
      by_time_.erase(found.mapped().deadline);
      by_number_.erase(by_number_.begin());
      ready.push_back(std::move(found.mapped().done));
    }
  }
  tell(std::move(ready), end::passed);
}

position_waiters::time position_waiters::expire(time now) {
  std::vector<answer> late;
  auto next = time::max();
  {
    std::lock_guard const lock(mutex_);
    while (!by_time_.empty() && by_time_.begin()->first <= now) {
      auto found = waiting_.extract(by_time_.begin()->second);
      by_number_.erase(found.mapped().number);
      by_time_.erase(by_time_.begin());
      late.push_back(std::move(found.mapped().done));
    }
    if (!by_time_.empty()) next = by_time_.begin()->first;
  }
  tell(std::move(late), end::expired);
  return next;
}

void position_waiters::refuse() {
  std::vector<answer> all;
  {
    std::lock_guard const lock(mutex_);
    for (auto& [serial, each] : waiting_) all.push_back(std::move(each.done));
    waiting_.clear();
    by_number_.clear();
    by_time_.clear();
  }
  tell(std::move(all), end::refused);
}

std::size_t position_waiters::size() const {
  std::lock_guard const lock(mutex_);
  return waiting_.size();
}

void position_waiters::tell(std::vector<answer> all, end how) {
  for (auto& each : all) each(how);
}

}  // namespace evoke::actors
