#pragma once

#include "http/incoming.hpp"
#include "http/problem.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace evoke::http {

struct reader_limits {
  std::uint32_t max_header_bytes = 0;
  std::uint32_t max_target_bytes = 0;
  std::uint32_t max_body_bytes = 0;
};

/// Turns bytes into requests, without knowing where the bytes come from. Bytes are read into prepare(), announced by commit(), and
/// advance() makes of them what they give: bytes behind a complete request stay for the next one.
///
/// Invariants: a head is parsed only when all of it is there; a body never grows beyond its limit; after `failed` nothing more is parsed,
/// because where the next request would begin is not known.
class request_reader {
 public:
  enum class step { need_more, complete, failed };
  enum class phase { idle, head, body };  ///< idle = no byte of a request has come

  explicit request_reader(reader_limits const& limits);
  ~request_reader();
  request_reader(request_reader const&) = delete;
  request_reader& operator=(request_reader const&) = delete;

  [[nodiscard]] std::span<char> prepare();
  void commit(std::size_t bytes);
  /// Parses into `into`, the same object until the request is complete. Call again for the request behind it.
  [[nodiscard]] step advance(incoming& into);

  [[nodiscard]] phase at() const noexcept;
  /// The client waits for `100 Continue` before it sends its body.
  [[nodiscard]] bool expects_continue() const noexcept;
  void continue_sent() noexcept;
  /// After `complete`: whether the connection may go on.
  [[nodiscard]] bool keep_alive() const noexcept;

  /// After `failed`.
  [[nodiscard]] problem_kind const& why() const noexcept;
  [[nodiscard]] std::string_view detail() const noexcept;

 private:
  class impl;
  std::unique_ptr<impl> impl_;
};

}  // namespace evoke::http
