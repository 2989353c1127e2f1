#include "bench/load/embedded_lanes.hpp"

#include <atomic>

namespace evoke::load {
namespace {

// By number: a thread may outlive its lanes, and others may come to lie where they lay.
thread_local std::uint64_t owner = 0;
thread_local embedded_lanes::lane* mine = nullptr;

}  // namespace

embedded_lanes::embedded_lanes(assignment const& todo, window const& times) : todo_(todo), times_(times) {
  static std::atomic<std::uint64_t> made{0};
  number_ = ++made;
}

embedded_lanes::lane& embedded_lanes::here() {
  if (mine == nullptr || owner != number_) {
    std::scoped_lock const lock(mutex_);
    mine = &all_.emplace_back(operation_draw::plan{todo_.work, *key_distribution::parse(todo_.distribution, todo_.keys),
                                                   todo_.payload_bytes, todo_.given.seed, all_.size(), most},
                              times_);
    owner = number_;
  }
  return *mine;
}

tally embedded_lanes::sum() {
  std::scoped_lock const lock(mutex_);
  tally all(times_, todo_.work.operations.size());
  for (auto& each : all_) {
    std::scoped_lock const counting(each.mutex);
    all.merge(each.counted);
  }
  return all;
}

follower_tally embedded_lanes::heard() {
  std::scoped_lock const lock(mutex_);
  follower_tally all;
  for (auto& each : all_) {
    std::scoped_lock const counting(each.mutex);
    all.events += each.heard.events;
    all.age_ns.merge(each.heard.age_ns);
  }
  return all;
}

void embedded_lanes::end_at(steady::time_point to) {
  std::scoped_lock const lock(mutex_);
  times_.to = to;
  for (auto& each : all_) {
    std::scoped_lock const counting(each.mutex);
    each.counted.end_at(to);
  }
}

}  // namespace evoke::load
