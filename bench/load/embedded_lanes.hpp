#pragma once

#include "bench/load/draw.hpp"
#include "bench/load/findings.hpp"

#include <deque>
#include <mutex>

namespace evoke::load {

/// Answers arrive on several threads of the runtime. Each gets a lane: what it draws from and counts in, so that they do not meet.
class embedded_lanes {
 public:
  /// Locked only to count, against the one who sums up once a second.
  struct lane {
    lane(operation_draw::plan of, window const& times) : draw(of), counted(times, of.work.operations.size()) {}
    operation_draw draw;
    std::mutex mutex;
    tally counted;
    follower_tally heard;
  };

  embedded_lanes(assignment const& todo, window const& times);

  /// The calling thread's own.
  [[nodiscard]] lane& here();
  [[nodiscard]] tally sum();
  [[nodiscard]] follower_tally heard();
  /// The window ends now: by a signal.
  void end_at(steady::time_point to);

 private:
  static constexpr std::uint64_t most = 1'024;  // threads: their counters must not meet either

  assignment const& todo_;
  std::uint64_t number_ = 0;  ///< of these lanes among all that were made
  std::mutex mutex_;
  window times_;
  std::deque<lane> all_;
};

}  // namespace evoke::load
