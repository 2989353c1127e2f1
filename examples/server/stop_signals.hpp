#pragma once

#include <csignal>

namespace server {

/// SIGTERM and SIGINT as a question that the main thread asks. Make it before any other thread is started: they inherit that these signals
/// are blocked. SIGPIPE is ignored: a reader of our output that is gone must not end the server.
class stop_signals {
 public:
  stop_signals();

  /// Blocks until one of them comes. @returns its number.
  int wait();

  /// From now on another one ends the process at once with `exit_code`.
  void end_at_once_on_next(int exit_code);

 private:
  ::sigset_t set_{};
};

}  // namespace server
