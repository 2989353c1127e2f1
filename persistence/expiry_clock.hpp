#pragma once

#include <evoke/time.hpp>

#include <chrono>
#include <mutex>

namespace evoke::persistence {

/// The time by which idempotency records expire. A wall clock that leaps forward (a bad time server, a resumed machine) must not make
/// keys forgotten that a client may still repeat, so:
///  - within `tolerance` of where the steady clock says it should be, the wall clock is believed;
///  - a leap forward is ignored (time goes on steadily from before it) until it has stood for `confirm_after` of steady time;
///  - a step back is believed at once: it only makes keys live longer.
/// Plain code, its clock handed in. Any thread.
class expiry_clock {
 public:
  struct settings {
    std::chrono::microseconds tolerance = std::chrono::minutes(1);
    std::chrono::microseconds confirm_after = std::chrono::hours(1);
  };

  /// @param source must outlive this object.
  expiry_clock(clock const& source, settings how) : source_(&source), how_(how) {}
  explicit expiry_clock(clock const& source) : expiry_clock(source, settings{}) {}

  /// Begins with a store that is empty: the wall clock is believed.
  void start();
  /// Begins with a store whose newest commit was at `known`: a time that has certainly passed. A store that was shut for a while looks
  /// like a leap and is treated as one: keys merely live a little longer.
  void start(timestamp known);

  /// 1970 before `start`: nothing expires then.
  [[nodiscard]] timestamp now() const;

 private:
  clock const* source_;
  settings how_;
  mutable std::mutex guard_;
  mutable bool started_ = false;
  mutable timestamp base_{};  ///< believed time at `base_steady_`
  mutable std::chrono::nanoseconds base_steady_{};
  mutable bool leaping_ = false;                  ///< the wall clock is ahead of what we believe
  mutable std::chrono::nanoseconds leap_seen_{};  ///< steady time at which it was first seen so
};

}  // namespace evoke::persistence
