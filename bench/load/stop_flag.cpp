#include "bench/load/stop_flag.hpp"

#include <csignal>

#include <unistd.h>

namespace evoke::load {
namespace {

std::sig_atomic_t volatile asked = 0;

extern "C" void note_stop(int) {
  if (asked != 0) ::_exit(130);
  asked = 1;
}

}  // namespace

void catch_stop_signals() {
  struct ::sigaction action{};
  action.sa_handler = note_stop;
  ::sigaction(SIGINT, &action, nullptr);
  ::sigaction(SIGTERM, &action, nullptr);
}

bool stop_asked() noexcept {
  return asked != 0;
}

}  // namespace evoke::load
