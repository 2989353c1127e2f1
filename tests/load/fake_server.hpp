#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <thread>

#include "replay/url.hpp"

namespace tests {

/// Answers every request with the same text, on one thread and in the order of arrival: it can stall, refuse, or go away, when a certain
/// POST has come.
class fake_server {
 public:
  struct behaviour {
    std::string answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}";
    std::uint64_t stall_at = 0;  ///< this POST, counted from 1, is answered late by `stall`, and so is all that comes meanwhile
    std::chrono::milliseconds stall{0};
    std::uint64_t leave_at = 0;  ///< with this POST all connections end, and nobody listens any more
  };
  explicit fake_server(behaviour how);
  ~fake_server();
  fake_server(fake_server const&) = delete;
  fake_server& operator=(fake_server const&) = delete;

  [[nodiscard]] replay::server_address address() const;
  [[nodiscard]] std::uint64_t requests() const noexcept { return requests_.load(); }

 private:
  void serve();
  /// @returns false when the server is to leave.
  bool answer(int socket, std::string& unread);

  behaviour how_;
  int listener_ = -1;
  std::uint16_t port_ = 0;
  std::atomic<std::uint64_t> requests_{0};
  std::atomic<bool> ended_{false};
  std::thread thread_;
};

}  // namespace tests
