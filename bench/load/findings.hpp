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
  std::optional<std::uint64_t> stored_events{};  ///< by how much the log's head rose from the end of preparing to the end
  double client_cpu_us = 0;                      ///< of the thread that sends and receives, within the window
  double server_cpu_us = 0;                      ///< of the process that --server-process names, within the window
  std::uint64_t server_rss = 0;                  ///< of the same at the end
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
/// @returns invalid_argument or not_found: a workload or distribution that is none, followers of what writes nothing.
[[nodiscard]] result<assignment> assign(settings given);

/// The program around a run.
struct onlooker {
  bool wanted = false;                                         ///< somebody looks: look() is worth its cost
  std::function<void(tally const&, steady::time_point)> look;  ///< told several times a second
  std::function<bool()> stop;                                  ///< asked several times a second
  std::function<bool(int)> pin;                                ///< the calling thread to a processor; false = there is none such
};

}  // namespace evoke::load
