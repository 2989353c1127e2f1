#pragma once

#include <evoke/failure.hpp>
#include <evoke/options.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "persistence/timer_place.hpp"

namespace evoke::detail {

using persistence::timer_place;

/// Which timers fire when: plain data without threads; the time, what commits changed and pages of the index are handed in.
///
/// In memory are only the near ones: all that lie at or before the horizon. The others lie in the store's index and are read page by page
/// when their time comes near. What is believed here may be stale in either direction; the aggregate checks that a timer is set before it
/// fires, so that costs a look-up and never an effect.
///
/// Invariants:
///  1. nothing fires before it is due by the wall clock, and nothing behind the horizon;
///  2. timers are handed out in the order of their places, but for those that failed: these do not hold up the others, and take half
///     of the places in flight at most;
///  3. every timer at or before the horizon that a page or a commit told of is waiting, in flight or failing, or was put off until a later
///     reading (which lowers the horizon);
///  4. waiting, in flight and failing are bounded by timer_options.
class timer_agenda {
 public:
  using nanoseconds = std::chrono::nanoseconds;
  timer_agenda(timer_options how, timestamp now, nanoseconds steady);

  // -- what commits tell, in their order
  void set(timer_place at);
  void cancel(std::uint32_t type, std::string_view id, std::string_view name);

  // -- reading the index, one page at a time
  struct page {
    timer_place after;
    timestamp until;
    std::size_t limit;
  };
  /// A page that is wanted now; it must be read and its end told.
  [[nodiscard]] std::optional<page> next_page(timestamp now, nanoseconds steady);
  /// @param whole there is nothing more in the index up to `until`.
  void page_read(std::vector<timer_place> found, bool whole);
  void page_failed(nanoseconds steady);

  // -- firing
  /// Those that are to fire now, in order; they are in flight until fired() or failed().
  [[nodiscard]] std::vector<timer_place> take_due(timestamp now, nanoseconds steady);
  /// It had its effect, or is not set any more.
  void fired(timer_place const& at);
  /// It had none: it is tried again.
  void failed(timer_place const& at, failure const& why, nanoseconds steady);

  /// How long nothing need be done, if nobody calls. At most half a second, because the wall clock may leap.
  [[nodiscard]] nanoseconds quiet(timestamp now, nanoseconds steady) const;

  // -- what there is
  struct trouble {
    std::uint32_t attempts = 0;
    std::string error;
    nanoseconds next{};  ///< steady time of the next attempt
  };
  /// nullptr when it has not failed.
  [[nodiscard]] trouble const* trouble_of(timer_place const& at) const;
  /// How late the oldest is that is due, as far as they are in memory.
  [[nodiscard]] nanoseconds lag(timestamp now) const;
  [[nodiscard]] std::size_t waiting() const noexcept { return waiting_.size(); }
  [[nodiscard]] std::size_t in_flight() const noexcept { return in_flight_.size(); }
  [[nodiscard]] std::size_t failing() const noexcept { return failing_.size(); }

 private:
  struct flight {
    bool again = false;  ///< set again meanwhile, for the same time
    std::optional<trouble> before{};
  };
  struct told_change {
    timer_place at;
    bool set;
  };

  void note_clock(timestamp now, nanoseconds steady);
  void forget(std::string const& key);
  void wait_for(timer_place at);
  void apply(told_change change);
  void draw_in(timer_place horizon);
  void keep_small();
  [[nodiscard]] std::size_t places_for_retries() const noexcept { return how_.max_in_flight < 2 ? 1 : how_.max_in_flight / 2; }
  void retry_due(timestamp now, nanoseconds steady, std::vector<timer_place>& out);
  [[nodiscard]] nanoseconds delay_of(failure const& why, std::uint32_t attempts) const;

  timer_options const how_;

  timer_place horizon_;
  bool whole_ = false;  ///< the last page reached its `until`
  std::optional<page> reading_;
  std::vector<told_change> meanwhile_;  ///< told while a page is read
  bool spoiled_ = false;                ///< too much was told meanwhile
  nanoseconds next_reading_{};          ///< steady, after one that failed

  std::set<timer_place> waiting_;
  std::map<timer_place, flight> in_flight_;
  std::map<timer_place, trouble> failing_;
  std::set<std::pair<nanoseconds, timer_place>> retries_;
  std::unordered_map<std::string, timestamp> due_by_name_;  ///< of all three, by type, id and name
  std::optional<timer_place> put_off_;                      ///< the first that failed and did not fit
  nanoseconds put_off_until_{};

  timestamp late_until_;  ///< those due at or before this are late: limited in their rate
  double tokens_;
  timestamp last_now_;
  nanoseconds last_steady_;
};

}  // namespace evoke::detail
