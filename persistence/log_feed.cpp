#include "persistence/log_feed.hpp"

#include <algorithm>

namespace evoke::persistence {

void log_feed::publish(position last, live_group_ptr group) {
  if (last <= head()) return;
  std::vector<woken> awake;
  {
    std::lock_guard const lock(mutex_);
    auto const before = head();
    if (group && group->before == before) {
      wake_locked(*group, awake);
      keep_locked(std::move(group));
    } else {
      // Nobody followed when it was committed: what is kept would have a gap. Whoever armed since looks into the journal.
      groups_.clear();
      bytes_ = 0;
      for (auto& each : any_) awake.push_back({std::move(each), before});
      for (auto& [stream, each] : by_stream_) awake.push_back({std::move(each), before});
      any_.clear();
      by_stream_.clear();
    }
    head_.store(last, std::memory_order_release);
  }
  for (auto const& each : awake) each.who->wake(each.passed);
}

void log_feed::keep_locked(live_group_ptr group) {
  bytes_ += group->size();
  groups_.push_back(std::move(group));
  while (groups_.size() > 1 && (bytes_ > bounds_.max_bytes || groups_.size() > bounds_.max_groups)) {
    bytes_ -= groups_.front()->size();
    groups_.pop_front();
  }
}

void log_feed::wake_locked(live_group const& group, std::vector<woken>& out) {
  for (auto& each : any_) out.push_back({std::move(each), group.before});
  any_.clear();
  if (by_stream_.empty()) return;
  for (auto const& event : group.events) {
    auto const [from, to] = by_stream_.equal_range(stream_ref{event.stream_type, event.stream_id});
    if (from == to) continue;
    for (auto at = from; at != to; ++at) out.push_back({std::move(at->second), position{event.position.value() - 1}});
    by_stream_.erase(from, to);
  }
}

live_group_ptr log_feed::group_behind(position after) const {
  std::lock_guard const lock(mutex_);
  if (groups_.empty() || after < groups_.front()->before || after >= groups_.back()->last) return nullptr;
  // The last group that begins at or before `after`.
  auto const behind = std::ranges::upper_bound(groups_, after, {}, [](live_group_ptr const& each) { return each->before; });
  return *std::prev(behind);
}

bool log_feed::arm(feed_waiter_ptr const& waiter, position after, std::optional<stream_ref> only) {
  std::lock_guard const lock(mutex_);
  if (closed_ || after < head()) return false;
  if (only)
    by_stream_.emplace(stream_key{only->type, std::string(only->id)}, waiter);
  else
    any_.push_back(waiter);
  return true;
}

std::optional<position> log_feed::disarm(feed_waiter const& waiter, std::optional<stream_ref> only) {
  std::lock_guard const lock(mutex_);
  if (only) {
    auto const [from, to] = by_stream_.equal_range(*only);
    auto const found = std::find_if(from, to, [&](auto const& each) { return each.second.get() == &waiter; });
    if (found == to) return std::nullopt;
    by_stream_.erase(found);
    return head();
  }
  auto const found = std::ranges::find(any_, &waiter, &feed_waiter_ptr::get);
  if (found == any_.end()) return std::nullopt;
  std::swap(*found, any_.back());
  any_.pop_back();
  return head();
}

void log_feed::close() {
  std::vector<feed_waiter_ptr> awake;
  {
    std::lock_guard const lock(mutex_);
    closed_ = true;
    awake.swap(any_);
    for (auto& [stream, each] : by_stream_) awake.push_back(std::move(each));
    by_stream_.clear();
  }
  for (auto const& each : awake) each->wake(head());
}

}  // namespace evoke::persistence
