#pragma once

#include "bench/load/settings.hpp"
#include "bench/load/tally.hpp"
#include "bench/load/workload.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

namespace evoke::load {

/// What followers heard within the window.
struct follower_tally {
  std::uint64_t events = 0;
  histogram age_ns;  ///< from the event's own time, when its command was decided, to its receipt
};

/// All that a run found out.
struct findings {
  tally measured;
  double seconds = 0;          ///< length of the window as it really was
  std::uint64_t prepared = 0;  ///< commands that made something before the run
  bool interrupted = false;    ///< by a signal
  std::string trouble{};       ///< why the run ended early, empty when it did not
  follower_tally followers{};
  double client_cpu_us = 0;      ///< of the thread that sends and receives, within the window
  double server_cpu_us = 0;      ///< of the process that --server-process names, within the window
  std::uint64_t server_rss = 0;  ///< of the same at the end
};

/// A run's settings with the workload they name, its defaults filled in.
struct assignment {
  settings given;
  workload work;
  std::uint64_t keys = 0;
  std::uint64_t payload_bytes = 0;
  std::string distribution;

  [[nodiscard]] window make_window(steady::time_point begin) const;
};
/// @returns invalid_argument or not_found: a workload or distribution that is none.
[[nodiscard]] result<assignment> assign(settings given);

/// Told about once a second, and asked whether to go on.
struct onlooker {
  std::function<void(tally const&, steady::time_point)> look;
  std::function<bool()> stop;
};

}  // namespace evoke::load
