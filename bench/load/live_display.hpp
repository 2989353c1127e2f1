#pragma once

#include "bench/load/tally.hpp"

#include <cstdio>
#include <string>
#include <vector>

namespace evoke::load {

/// One line on a terminal, written over once a second: how many, how fast, how it went so far.
class live_display {
 public:
  /// @param to nullptr = says nothing.
  explicit live_display(std::FILE* to) : to_(to) {}
  ~live_display() { clear(); }
  live_display(live_display const&) = delete;
  live_display& operator=(live_display const&) = delete;

  void show(tally const& so_far, steady::time_point now);
  /// Takes the line away.
  void clear();

 private:
  std::FILE* to_;
  steady::time_point next_{};
  bool shown_ = false;
};

/// The line's text. @param second which second of the window is told, the last whole one.
[[nodiscard]] std::string live_line(tally const& so_far, std::size_t second);
/// One character for each value, as high as it is among them; the newest `most` of them.
[[nodiscard]] std::string sparkline(std::vector<double> const& values, std::size_t most);

}  // namespace evoke::load
