#pragma once

#include <cstdint>
#include <string>
#include <thread>
#include <vector>

namespace tests {

/// A server that answers the requests it gets, whatever they are, by a script: one entry a request. What is empty is answered by closing
/// the connection. When the script is at its end, nothing listens any more. Runs on a thread of its own.
class scripted_server {
 public:
  explicit scripted_server(std::vector<std::string> script);
  ~scripted_server();
  scripted_server(scripted_server const&) = delete;
  scripted_server& operator=(scripted_server const&) = delete;

  /// "HTTP/1.1 503 ..." with a body and further header lines, each with its line end.
  [[nodiscard]] static std::string reply(unsigned status, std::string const& body, std::string const& headers = {});

  [[nodiscard]] std::uint16_t port() const noexcept { return port_; }
  /// Waits for the end of the script. @returns the requests' heads, in order.
  [[nodiscard]] std::vector<std::string> const& requests();

 private:
  std::uint16_t port_ = 0;
  std::vector<std::string> requests_;
  std::thread thread_;
};

}  // namespace tests
