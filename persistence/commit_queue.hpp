#pragma once

#include <atomic>
#include <deque>
#include <mutex>
#include <optional>
#include <vector>

#include "persistence/commit_entry.hpp"

namespace evoke::persistence {

/// How much one group may hold. A command that is larger by itself forms a group of its own (its size was limited before).
struct group_limits {
  std::size_t max_events = 1'000;
  std::size_t max_bytes = 1024 * 1024;
};

/// What gathers while the writer syncs: an ordinary data structure with a lock and no thread, so that grouping is tested without one.
///
/// Invariants:
///  1. entries leave in the order they came; a group is a prefix of what gathered;
///  2. an entry is queued only while everything it depends on is durable or queued before it;
///  3. when a group is not stored, all that is queued behind it ends with it, because it may stand on it. Their tickets are `lost`.
class commit_queue {
 public:
  explicit commit_queue(group_limits limits = {}) : limits_(limits) {}

  enum class enqueued : std::uint8_t {
    queued,
    lost,    ///< `depends_on` was not stored: the state the entry was decided on does not exist
    closed,  ///< the journal takes no more; see closed_reason
  };
  struct enqueue_end {
    enqueued end{};
    persistence::ticket ticket = 0;
    bool first = false;  ///< the queue was empty: the writer may be asleep
  };
  /// @param depends_on the ticket of the same stream's entry before, 0 = none.
  enqueue_end enqueue(commit_entry_ptr entry, ticket depends_on);

  enum class awaited : std::uint8_t {
    waiting,  ///< chained: it will be finished with the entry of that ticket
    durable,  ///< it is already; nothing was chained
    lost,
  };
  /// Chains `waiter` to the entry of `on`, so that what was computed from its state is released only when it is durable.
  awaited await(commit_entry_ptr waiter, ticket on);

  /// Writer: moves the next group out of the queue and makes it the one in flight. False when nothing waits. One group is in flight at a
  /// time.
  bool take_group();
  /// Writer: the changes of the group in flight, those that have any.
  [[nodiscard]] std::vector<append*> const& changes() const noexcept { return changes_; }

  /// What a finished group leaves: its entries each followed by its waiters.
  struct finished_group {
    std::vector<commit_entry_ptr> entries;
    std::optional<failure> why;  ///< empty = durable
  };
  /// Writer: ends the group in flight. With a failure everything queued ends too; `outcome_unknown` and `journal_failed` close the queue.
  finished_group finish_group(result<void> const& end);

  /// Refuses all that comes from now on, and ends what is queued (not what is in flight) with `why`.
  finished_group close(failure why);

  /// Every ticket up to here that was not lost is durable.
  [[nodiscard]] ticket durable() const noexcept { return durable_.load(std::memory_order_acquire); }
  /// Raised whenever tickets are lost; compare it before trusting state that an earlier ticket produced.
  [[nodiscard]] std::uint64_t losses() const noexcept { return losses_.load(std::memory_order_acquire); }
  [[nodiscard]] bool was_lost(ticket which) const;
  [[nodiscard]] bool empty() const;
  [[nodiscard]] std::optional<failure> closed_reason() const;

 private:
  [[nodiscard]] bool lost_locked(ticket which) const noexcept;
  void drop_waiting_locked(finished_group& into);
  void lose_locked(ticket from);

  mutable std::mutex mutex_;
  group_limits limits_;
  std::deque<commit_entry_ptr> waiting_;
  std::vector<commit_entry_ptr> in_flight_;
  std::vector<append*> changes_;  // writer only
  ticket last_ = 0;               // handed out
  ticket first_waiting_ = 1;      // ticket of waiting_.front(), were there one
  struct range {
    ticket from, to;
  };
  std::vector<range> lost_;
  std::optional<failure> closed_;
  std::atomic<ticket> durable_{0};
  std::atomic<std::uint64_t> losses_{0};
};

}  // namespace evoke::persistence
