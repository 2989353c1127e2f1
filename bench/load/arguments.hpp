#pragma once

#include "bench/load/settings.hpp"

#include "replay/url.hpp"

#include <optional>

namespace evoke::load {

/// How the program ends.
enum exit_code : int {
  measured = 0,
  not_measured = 1,  ///< the server is not there or went away, answers were lost, every answer was an error, or a signal ended the run
  misused = 2,       ///< the command line or the workload is wrong; see the message
};

struct parsed {
  std::optional<settings> given;  ///< nullopt: everything is said, end with `exit`
  replay::server_address server;  ///< of settings::url
  int exit = measured;
};
[[nodiscard]] parsed parse(int argc, char const* const* argv);

}  // namespace evoke::load
