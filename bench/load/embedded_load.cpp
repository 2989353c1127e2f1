#include "bench/load/embedded_load.hpp"

#include "bench/load/embedded_calls.hpp"

#include <utility>

namespace evoke::load {

embedded_load::embedded_load(assignment const& todo, window const& times)
    : todo_(todo), times_(times), lanes_(todo, times), callers_(todo.given.connections) {
  for (auto& each : callers_) free_.push_back(&each);
}

void embedded_load::start_all(runtime& on) {
  std::vector<caller*> all;
  {
    std::scoped_lock const lock(mutex_);
    all.swap(free_);
  }
  for (auto* each : all) call(on, *each, steady::now());
}

bool embedded_load::start_one(runtime& on, steady::time_point due, steady::time_point until) {
  caller* by = nullptr;
  {
    std::unique_lock lock(mutex_);
    if (!changed_.wait_until(lock, until, [this] { return !free_.empty(); })) return false;
    by = free_.back();
    free_.pop_back();
  }
  call(on, *by, due);
  return true;
}

void embedded_load::call(runtime& on, caller& by, steady::time_point since) {
  auto& lane = lanes_.here();
  by.since = since;
  by.failed.store(false, std::memory_order_relaxed);
  by.open.store(todo_.given.batch, std::memory_order_release);
  // The last answer may come, and begin the next call, before this loop is left: nothing of `by` is touched behind make_call.
  for (std::size_t left = todo_.given.batch; left > 0; --left) {
    auto const operation = lane.draw.next();
    make_call(on, todo_.work.operations[operation], lane.draw.values(),
              [this, &on, &by, operation](call_end const& end) { answered(on, by, operation, end); });
  }
}

void embedded_load::answered(runtime& on, caller& by, std::size_t operation, call_end const& end) {
  auto const now = steady::now();
  auto& lane = lanes_.here();
  {
    std::scoped_lock const lock(lane.mutex);
    lane.counted.note({operation, end.judged.how, end.judged.code, by.since, now});
    if (end.judged.how == outcome::failed) {
      lane.counted.note_error(todo_.work.operations[operation].name + ": " + name_of_code(end.judged.code) + ": " + end.why);
    }
  }
  if (end.judged.how == outcome::failed) by.failed.store(true, std::memory_order_relaxed);
  if (by.open.fetch_sub(1, std::memory_order_acq_rel) == 1) finished(on, by, now);
}

void embedded_load::finished(runtime& on, caller& by, steady::time_point now) {
  bool const again = !times_.open && !ended_.load(std::memory_order_relaxed) && now < times_.to;
  bool const failed = by.failed.load(std::memory_order_relaxed);
  if (again && !failed) return call(on, by, now);
  std::scoped_lock const lock(mutex_);
  (again ? resting_ : free_).push_back(&by);
  changed_.notify_all();
}

void embedded_load::attend(runtime& on, steady::time_point until) {
  std::vector<caller*> rested;
  {
    std::unique_lock lock(mutex_);
    changed_.wait_until(lock, until, [this] { return !resting_.empty(); });
    rested.swap(resting_);
  }
  for (auto* each : rested) call(on, *each, steady::now());
}

std::uint64_t embedded_load::drain(steady::time_point until) {
  std::unique_lock lock(mutex_);
  changed_.wait_until(lock, until, [this] { return free_.size() + resting_.size() == callers_.size(); });
  std::uint64_t open = 0;
  for (auto const& each : callers_) open += each.open.load(std::memory_order_relaxed);
  return open;
}

}  // namespace evoke::load
