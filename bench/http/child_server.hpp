#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <vector>

namespace evoke::bench {

/// A server started as a child: waits for its line "listening on HOST:PORT", and ends it with SIGTERM when it goes.
class child_server {
 public:
  /// Throws std::runtime_error when it does not come up.
  explicit child_server(std::vector<std::string> command);
  ~child_server();
  child_server(child_server const&) = delete;
  child_server& operator=(child_server const&) = delete;

  [[nodiscard]] std::uint16_t port() const noexcept { return port_; }
  /// User and system time of the process so far.
  [[nodiscard]] double cpu_seconds() const;

 private:
  pid_t pid_ = 0;
  std::uint16_t port_ = 0;
};

}  // namespace evoke::bench
