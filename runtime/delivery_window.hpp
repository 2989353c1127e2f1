#pragma once

#include <evoke/persistent_subscription.hpp>

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace evoke::detail {

/// The events of one persistent subscription between the log and being settled: an ordinary data structure, the time handed in.
///
/// Invariants:
///  1. an event that was offered is waiting, resting, leased, settled or parked; only the last two are final, and only they let the
///     checkpoint pass it;
///  2. an event is leased only while every earlier unsettled one of its aggregate is in the same lease;
///  3. what ack, nack and expire did is in take_changes(), to be stored before anybody hears of it.
class delivery_window {
 public:
  using settings = persistent_subscription_settings;
  using lease_id = std::uint64_t;

  /// What is stored of it: where to go on, what behind that is settled, and how often what is not was tried.
  struct progress {
    position checkpoint{};
    std::set<position> settled;  ///< above the checkpoint
    std::map<position, std::uint32_t> attempts;
    friend bool operator==(progress const&, progress const&) = default;
  };
  /// What an operation changed in what is stored.
  struct changes {
    bool progressed = false;
    std::vector<parked_event> parked;
    std::vector<position> unparked;
    [[nodiscard]] bool any() const noexcept { return progressed || !parked.empty() || !unparked.empty(); }
  };

  delivery_window(settings chosen, progress from, std::vector<parked_event> const& parked);

  /// Settings that may change while it runs.
  void adjust(settings chosen) { settings_ = std::move(chosen); }

  // -- from the log
  /// Room for more: so that neither memory nor the stored progress grows without bound behind an event that nobody settles.
  [[nodiscard]] bool wants_more() const noexcept;
  /// Matching events in order, and how far the log was examined.
  void offer(std::vector<recorded_event> events, position examined, timestamp now);
  /// A parked event goes to consumers again.
  void replay(recorded_event event);

  // -- from consumers
  [[nodiscard]] std::vector<delivery> fetch(lease_id as, std::size_t limit, timestamp now);
  /// `events` empty = all of the lease. nullopt when none of them is in that lease.
  std::optional<acknowledgement> ack(lease_id lease, std::vector<event_id> const& events);
  std::optional<acknowledgement> nack(lease_id lease, std::vector<event_id> const& events, nack_action action, std::string const& reason,
                                      timestamp now);
  /// A leased event that has nothing to show is settled.
  void pass(position at);
  /// A leased event that cannot be shown is parked; those of its aggregate behind it in the lease go back, which counts as no attempt.
  void give_up(position at, std::string reason, timestamp now);
  /// Leases that ran out end.
  void expire(timestamp now);
  /// When something becomes possible by time alone: a lease that ends, a rest that is over.
  [[nodiscard]] std::optional<timestamp> next_moment(timestamp now) const;

  [[nodiscard]] changes take_changes() { return std::exchange(changes_, {}); }
  [[nodiscard]] progress stored() const;

  [[nodiscard]] position checkpoint() const noexcept { return checkpoint_; }
  [[nodiscard]] position examined() const noexcept { return examined_; }
  [[nodiscard]] std::size_t leased() const noexcept { return leased_; }
  [[nodiscard]] std::size_t waiting() const noexcept { return entries_.size() - leased_; }
  [[nodiscard]] std::uint64_t parked() const noexcept { return parked_; }
  [[nodiscard]] std::uint64_t redelivered() const noexcept { return redelivered_; }
  [[nodiscard]] bool replaying(position at) const { return entries_.contains(at); }
  /// Time of the oldest event that is not settled.
  [[nodiscard]] std::optional<timestamp> oldest() const;

 private:
  struct entry {
    recorded_event event;
    std::uint32_t attempts = 0;
    lease_id lease = 0;  ///< 0 = with nobody
    timestamp until{};   ///< leased: when it ends; else: not before
    bool replayed = false;
  };
  using entries = std::map<position, entry>;

  [[nodiscard]] static std::string key_of(recorded_event const& event);
  [[nodiscard]] bool may_be_leased(entry const& one, lease_id as) const;
  /// The members of `lease` that are named (all when none is), in the order of the log; the others go to `not_leased`.
  [[nodiscard]] std::vector<position> members(lease_id lease, std::vector<event_id> const& events, std::vector<event_id>& not_leased) const;
  void add(recorded_event event, bool replayed);
  void release(entry& one);
  void release_behind(position at, lease_id lease);
  void settle(position at);
  /// With hold_aggregate, those behind it too.
  void park(position at, std::string reason, timestamp now);
  void park_one(position at, std::string reason, timestamp now);
  void retry(position at, std::string const& reason, timestamp not_before, timestamp now);
  void forget(entries::iterator at);
  void advance();

  settings settings_;
  position checkpoint_;
  position examined_;
  std::set<position> settled_;                        ///< above the checkpoint
  std::map<position, std::uint32_t> known_attempts_;  ///< from the store, of events that were not offered yet
  entries entries_;
  std::unordered_map<std::string, std::set<position>> by_aggregate_;
  std::map<lease_id, std::set<position>> leases_;
  std::unordered_map<std::string, std::size_t> held_;  ///< parked events of an aggregate, with hold_aggregate
  std::size_t leased_ = 0;
  std::uint64_t parked_ = 0;
  std::uint64_t redelivered_ = 0;
  changes changes_;
};

}  // namespace evoke::detail
