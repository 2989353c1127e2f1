#pragma once

#include <chrono>

namespace evoke::load {

/// Waits for sockets (epoll). One thread.
class poller {
 public:
  /// Somebody who has a socket. Must outlive its being watched.
  class endpoint {
   public:
    virtual ~endpoint() = default;
    virtual void ready(bool readable, bool writable) = 0;
  };

  /// Throws std::system_error when the system has none.
  poller();
  ~poller();
  poller(poller const&) = delete;
  poller& operator=(poller const&) = delete;

  /// From now on `whose` is told when `socket` has something to read. Closing the socket ends it.
  void watch(int socket, endpoint& whose);
  /// Also, or no longer, when it takes bytes.
  void watch_writing(int socket, endpoint& whose, bool wanted);
  /// Tells whoever is ready; waits for the first until `until`, to the microsecond.
  void wait(std::chrono::steady_clock::time_point until);

 private:
  int epoll_;
};

}  // namespace evoke::load
