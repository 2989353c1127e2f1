#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace evoke::http::tests {

/// An answer as it came over the wire, its chunks put together.
struct answer {
  int status = 0;
  std::map<std::string, std::string> headers;  ///< names in lower case
  std::string body;

  [[nodiscard]] std::string header(std::string const& name) const {
    auto const found = headers.find(name);
    return found == headers.end() ? std::string() : found->second;
  }
};

/// A socket and nothing more: sends exactly the bytes it is given, so that any malformed request can be made. Every wait ends after ten
/// seconds with an exception.
class raw_client {
 public:
  explicit raw_client(std::uint16_t port);
  ~raw_client();
  raw_client(raw_client&& other) noexcept;
  raw_client(raw_client const&) = delete;
  raw_client& operator=(raw_client const&) = delete;

  void send(std::string_view bytes);
  /// Sends what the peer takes and gives up quietly when it has closed. @returns whether all was taken.
  bool try_send(std::string_view bytes);
  /// FIN: nothing more will be sent, answers are still read.
  void end_of_sending();
  /// RST: gone without a word.
  void reset();

  /// Status and headers of the next answer; its body is not read.
  [[nodiscard]] answer read_head();
  /// The next chunk of a chunked body; "" = that was the last one.
  [[nodiscard]] std::string read_chunk();
  /// The next answer. @param to_head the answer has no body, whatever its length says
  [[nodiscard]] answer read(bool to_head = false);
  /// Waits until what was sent holds `text`. @returns all up to its end.
  std::string read_until(std::string_view text);
  /// Waits until the server has closed. @returns what it sent before.
  std::string read_to_end();
  [[nodiscard]] bool closed_by_server() { return read_to_end().empty(); }

  /// A whole request with Host and, when there is a body, Content-Length.
  answer ask(std::string_view method, std::string_view target, std::string_view headers = {}, std::string_view body = {});

 private:
  bool receive();
  answer take_head();
  std::string take_chunk();
  std::string take_line();
  std::string take(std::size_t bytes);

  int socket_ = -1;
  std::string received_;
  std::chrono::steady_clock::time_point deadline_;
};

}  // namespace evoke::http::tests
