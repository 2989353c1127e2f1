#pragma once

#include "bench/load/histogram.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace evoke::load {

using steady = std::chrono::steady_clock;

/// The times of a run. Open loop: what was due within [from, to) is measured, whenever it was answered. Closed loop: what was answered
/// within [from, to).
struct window {
  steady::time_point begin;
  steady::time_point from;
  steady::time_point to;
  bool open = false;
};

enum class outcome : std::uint8_t {
  accepted,
  rejected,  ///< the domain said no, the aggregate is not there, or a precondition did not hold
  failed,    ///< any other error
};

struct operation_tally {
  std::uint64_t count = 0;  ///< answered, measured
  std::uint64_t rejected = 0;
  std::uint64_t failed = 0;
  std::uint64_t accepted_in_all = 0;  ///< warm-up and rest included
  histogram latency_ns;               ///< of the answers that were no failure
};

struct second_tally {
  std::uint64_t count = 0;
  histogram latency_ns;
};

/// What was measured so far. One thread; those of several threads are merged.
class tally {
 public:
  /// Codes of answers: HTTP's, and behind them the library's own.
  static constexpr std::size_t codes = 1'024;

  tally(window const& times, std::size_t operations) : times_(times), by_operation_(operations) {}

  struct answer {
    std::size_t operation = 0;
    outcome how{};
    std::size_t code = 0;      ///< below `codes`
    steady::time_point since;  ///< due, or in a closed loop sent
    steady::time_point at;
  };
  void note(answer const& of);
  /// The first error's text is kept.
  void note_error(std::string text);
  /// Sent and never answered.
  void lose(std::uint64_t times = 1) noexcept { lost_ += times; }
  /// Due and never sent: its latency is at least what it has waited until now.
  void leave_unsent(steady::time_point due, steady::time_point now, std::uint64_t times = 1);
  /// Due, and given up before it was sent: whoever wanted it has gone. It has no latency.
  void give_up(steady::time_point due, std::uint64_t times = 1) noexcept { given_up_ += due >= times_.from && due < times_.to ? times : 0; }
  /// The window ends early, or a little later than planned.
  void end_at(steady::time_point to) noexcept { times_.to = to; }
  void merge(tally const& other);

  [[nodiscard]] window const& times() const noexcept { return times_; }
  [[nodiscard]] std::vector<operation_tally> const& by_operation() const noexcept { return by_operation_; }
  [[nodiscard]] std::vector<second_tally> const& timeline() const noexcept { return timeline_; }
  [[nodiscard]] std::array<std::uint64_t, codes> const& by_code() const noexcept { return by_code_; }
  [[nodiscard]] std::uint64_t lost() const noexcept { return lost_; }
  [[nodiscard]] std::uint64_t unsent() const noexcept { return unsent_ns_.count(); }
  [[nodiscard]] std::uint64_t given_up() const noexcept { return given_up_; }
  /// Answered within the window, which in an open loop is not the same as due within it.
  [[nodiscard]] std::uint64_t answered_in_time() const noexcept { return answered_in_time_; }
  [[nodiscard]] std::uint64_t accepted_in_time() const noexcept { return accepted_in_time_; }
  [[nodiscard]] std::string const& first_error() const noexcept { return first_error_; }

  /// All operations together, those that were never sent with them.
  [[nodiscard]] operation_tally total() const;
  [[nodiscard]] std::uint64_t failed() const noexcept;

 private:
  window times_;
  std::vector<operation_tally> by_operation_;
  std::vector<second_tally> timeline_;
  std::array<std::uint64_t, codes> by_code_{};
  std::uint64_t lost_ = 0;
  std::uint64_t given_up_ = 0;
  std::uint64_t answered_in_time_ = 0;
  std::uint64_t accepted_in_time_ = 0;
  histogram unsent_ns_;
  std::string first_error_;
};

}  // namespace evoke::load
