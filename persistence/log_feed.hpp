#pragma once

#include <atomic>
#include <cstddef>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "persistence/live_group.hpp"

namespace evoke::persistence {

/// One who waits for events; armed in the feed, it is woken once.
class feed_waiter {
 public:
  virtual ~feed_waiter() = default;
  /// Called on the thread that publishes (the journal's writer): take note, never block, never call the feed. Nothing up to `passed` is
  /// of interest to this waiter; what follows may be.
  virtual void wake(position passed) noexcept = 0;
};
using feed_waiter_ptr = std::shared_ptr<feed_waiter>;

/// What lies between the writer and those who follow the log: the newest groups in memory, and who waits for the next.
///
/// Nothing is buffered for a follower. It asks for what comes behind its own position: from the groups kept here, or, when it is further
/// behind than these reach, from the journal. So a slow one costs nothing, and the hand-over from the journal to the live groups has no
/// seam: both are asked by position.
///
/// Invariants:
///  1. groups kept here are durable, without gap, and end at head();
///  2. a waiter armed at position P is woken when the first event of interest behind P is durable, or found at once by arm();
///  3. while nobody follows, publishing costs one comparison and no copy.
class log_feed {
 public:
  /// What groups in memory may take. The newest is kept, however large.
  struct bounds {
    std::size_t max_bytes = 16 * 1024 * 1024;
    std::size_t max_groups = 4'096;
  };
  log_feed(position head, bounds keep) : bounds_(keep), head_(head) {}
  explicit log_feed(position head) : log_feed(head, bounds{}) {}

  /// The last position that was published.
  [[nodiscard]] position head() const noexcept { return head_.load(std::memory_order_acquire); }

  // -- the writer

  /// Whether groups are to be made and given to publish(); else tell it the position only.
  [[nodiscard]] bool followed() const noexcept { return followers_.load(std::memory_order_acquire) > 0; }
  /// A group became durable; `group` may be nullptr while nobody follows. One thread at a time.
  void publish(position last, live_group_ptr group);

  // -- followers, any thread

  /// Counts a follower while it lives. Groups are kept only while there is one.
  class follower {
   public:
    follower() = default;
    explicit follower(log_feed& of) noexcept : of_(&of) { of.followers_.fetch_add(1, std::memory_order_acq_rel); }
    follower(follower&& other) noexcept : of_(std::exchange(other.of_, nullptr)) {}
    follower& operator=(follower&& other) noexcept {
      std::swap(of_, other.of_);
      return *this;
    }
    ~follower() {
      if (of_ != nullptr) of_->followers_.fetch_sub(1, std::memory_order_acq_rel);
    }

   private:
    log_feed* of_ = nullptr;
  };

  /// The group that holds the event behind `after`; nullptr when there is none yet, or none in memory (then after < head()).
  [[nodiscard]] live_group_ptr group_behind(position after) const;

  /// Wakes `waiter` at the next event behind `after`, or, with a stream, at the next one of that stream. False, and not armed, when
  /// something behind `after` is already there to be looked at. A waiter is armed once at a time.
  [[nodiscard]] bool arm(feed_waiter_ptr const& waiter, position after, std::optional<stream_ref> only);
  /// Takes a waiter out. @returns the position up to which nothing of interest came, or nullopt when it was woken (or never armed).
  std::optional<position> disarm(feed_waiter const& waiter, std::optional<stream_ref> only);

  /// Wakes all who wait, so that they look why. Those that arm later are refused like in a feed with news.
  void close();

 private:
  using stream_key = std::pair<name_id, std::string>;
  struct stream_order {
    using is_transparent = void;
    static std::pair<name_id, std::string_view> view(stream_key const& key) { return {key.first, key.second}; }
    static std::pair<name_id, std::string_view> view(stream_ref const& key) { return {key.type, key.id}; }
    bool operator()(auto const& left, auto const& right) const { return view(left) < view(right); }
  };
  struct woken {
    feed_waiter_ptr who;
    position passed;
  };

  void keep_locked(live_group_ptr group);
  void wake_locked(live_group const& group, std::vector<woken>& out);

  bounds const bounds_;
  std::atomic<std::size_t> followers_{0};
  std::atomic<position> head_;
  mutable std::mutex mutex_;
  std::deque<live_group_ptr> groups_;
  std::size_t bytes_ = 0;
  bool closed_ = false;
  std::vector<feed_waiter_ptr> any_;  ///< armed at the head: whatever comes is for them
  std::multimap<stream_key, feed_waiter_ptr, stream_order> by_stream_;
};

}  // namespace evoke::persistence
