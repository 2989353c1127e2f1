#include "persistence/commit_queue.hpp"

#include <utility>

namespace evoke::persistence {
namespace {

// What an event costs beyond its payload: ids, times, checksum. Only to keep groups near their size, not exact.
constexpr std::size_t event_overhead_bytes = 128;

std::size_t bytes_of(append const& change) noexcept {
  std::size_t sum = 0;
  for (auto const& each : change.events) sum += each.data.size() + each.extra.size() + event_overhead_bytes;
  return sum;
}

// Waiters are finished right behind the entry they wait for, so that answers leave in the order of the commands.
void flatten(commit_entry_ptr entry, std::vector<commit_entry_ptr>& into) {
  auto waiters = std::move(entry->waiters);
  entry->waiters.clear();
  into.push_back(std::move(entry));
  for (auto& each : waiters) into.push_back(std::move(each));
}

}  // namespace

commit_queue::enqueue_end commit_queue::enqueue(commit_entry_ptr entry, ticket depends_on) {
  std::lock_guard const lock(mutex_);
  if (closed_) return {enqueued::closed, 0, false};
  if (lost_locked(depends_on)) return {enqueued::lost, 0, false};
  bool const first = waiting_.empty();
  waiting_.push_back(std::move(entry));
  return {enqueued::queued, ++last_, first};
}

commit_queue::awaited commit_queue::await(commit_entry_ptr waiter, ticket on) {
  if (on == 0) return awaited::durable;
  std::lock_guard const lock(mutex_);
  if (lost_locked(on)) return awaited::lost;
  if (on <= durable_.load(std::memory_order_relaxed)) return awaited::durable;
  auto const in_flight_from = first_waiting_ - in_flight_.size();
  auto& entry = on < first_waiting_ ? in_flight_[on - in_flight_from] : waiting_[on - first_waiting_];
  entry->waiters.push_back(std::move(waiter));
  return awaited::waiting;
}

bool commit_queue::take_group() {
  changes_.clear();
  std::lock_guard const lock(mutex_);
  if (waiting_.empty()) return false;
  std::size_t events = 0;
  std::size_t bytes = 0;
  while (!waiting_.empty()) {
    auto& next = waiting_.front();
    auto const more_events = events + next->change.events.size();
    auto const more_bytes = bytes + bytes_of(next->change);
    if (!in_flight_.empty() && (more_events > limits_.max_events || more_bytes > limits_.max_bytes)) break;
    events = more_events;
    bytes = more_bytes;
    changes_.push_back(&next->change);
    in_flight_.push_back(std::move(next));
    waiting_.pop_front();
  }
  first_waiting_ += in_flight_.size();
  return true;
}

commit_queue::finished_group commit_queue::finish_group(result<void> const& end) {
  finished_group finished;
  std::vector<commit_entry_ptr> ended;
  {
    std::lock_guard const lock(mutex_);
    ended = std::exchange(in_flight_, {});
    if (end) {
      // Before anybody can see the ticket as durable, what it stands for must be readable from the entry's owner.
      for (auto& each : ended) {
        each->stored();
        for (auto& waiter : each->waiters) waiter->change.first_position = each->last_position();
      }
      durable_.store(first_waiting_ - 1, std::memory_order_release);
    } else {
      finished.why = end.error();
      auto const from = first_waiting_ - ended.size();
      if (end.error().code == errc::outcome_unknown || end.error().code == errc::journal_failed)
        closed_ = failure{errc::journal_failed, end.error().message, {}, {}, {}};
      for (auto& each : ended) flatten(std::move(each), finished.entries);
      ended.clear();
      drop_waiting_locked(finished);
      lose_locked(from);
    }
  }
  finished.entries.reserve(finished.entries.size() + ended.size());
  for (auto& each : ended) flatten(std::move(each), finished.entries);
  return finished;
}

commit_queue::finished_group commit_queue::close(failure why) {
  finished_group finished;
  std::lock_guard const lock(mutex_);
  if (!closed_) closed_ = why;
  auto const from = first_waiting_;
  drop_waiting_locked(finished);
  if (from <= last_) lose_locked(from);
  finished.why = std::move(why);
  return finished;
}

void commit_queue::drop_waiting_locked(finished_group& into) {
  first_waiting_ += waiting_.size();
  for (auto& each : waiting_) flatten(std::move(each), into.entries);
  waiting_.clear();
}

void commit_queue::lose_locked(ticket from) {
  // A full disk refuses group after group: neighbours become one range, so that the list stays short.
  if (!lost_.empty() && lost_.back().to + 1 == from)
    lost_.back().to = last_;
  else
    lost_.push_back({from, last_});
  losses_.fetch_add(1, std::memory_order_release);
}

bool commit_queue::lost_locked(ticket which) const noexcept {
  for (auto const& each : lost_)
    if (each.from <= which && which <= each.to) return true;
  return false;
}

bool commit_queue::was_lost(ticket which) const {
  std::lock_guard const lock(mutex_);
  return lost_locked(which);
}

bool commit_queue::empty() const {
  std::lock_guard const lock(mutex_);
  return waiting_.empty() && in_flight_.empty();
}

std::optional<failure> commit_queue::closed_reason() const {
  std::lock_guard const lock(mutex_);
  return closed_;
}

}  // namespace evoke::persistence
