#include "server/stop_signals.hpp"

#include <pthread.h>
#include <unistd.h>

#include <atomic>

namespace server {
namespace {

// A handler takes no argument of ours: this is the only way to tell it.
std::atomic<int> exit_code_of_handler{1};
static_assert(std::atomic<int>::is_always_lock_free);  // or the handler might not touch it

extern "C" void end_at_once(int /*signal*/) {
  ::_exit(exit_code_of_handler.load());
}

}  // namespace

stop_signals::stop_signals() {
  ::sigemptyset(&set_);
  ::sigaddset(&set_, SIGTERM);
  ::sigaddset(&set_, SIGINT);
  ::pthread_sigmask(SIG_BLOCK, &set_, nullptr);
  ::signal(SIGPIPE, SIG_IGN);
}

int stop_signals::wait() {
  int came = 0;
  while (::sigwait(&set_, &came) != 0) {
  }
  return came;
}

void stop_signals::end_at_once_on_next(int exit_code) {
  exit_code_of_handler = exit_code;
  struct sigaction action{};
  action.sa_handler = end_at_once;
  ::sigaction(SIGTERM, &action, nullptr);
  ::sigaction(SIGINT, &action, nullptr);
  ::pthread_sigmask(SIG_UNBLOCK, &set_, nullptr);
}

}  // namespace server
