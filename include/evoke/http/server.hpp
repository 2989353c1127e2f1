#pragma once

#include <evoke/http/message.hpp>
#include <evoke/runtime.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace evoke::http {

/// Every limit of the front end; beyond it the client gets the status named, never a hang.
struct server_options {
  std::string host = "127.0.0.1";
  std::uint16_t port = 8080;                          ///< 0 = any free one, see server::port()
  std::uint32_t max_connections = 20'000;             ///< beyond: 503 and close
  std::uint32_t max_header_bytes = 16 * 1024;         ///< beyond: 431
  std::uint32_t max_target_bytes = 8 * 1024;          ///< beyond: 414
  std::uint32_t max_body_bytes = 1024 * 1024;         ///< beyond: 413
  std::uint32_t max_batch_commands = 1'000;           ///< commands in one POST /v1/commands:batch; beyond: 413
  std::chrono::milliseconds header_timeout{10'000};   ///< from the first byte to the end of the head; beyond: 408
  std::chrono::milliseconds body_timeout{30'000};     ///< for the body; beyond: 408
  std::chrono::milliseconds idle_timeout{75'000};     ///< between requests; beyond: closed
  std::chrono::milliseconds write_timeout{30'000};    ///< a client that does not read is cut off
  std::chrono::milliseconds command_timeout{30'000};  ///< beyond: 504 outcome-unknown
  std::chrono::milliseconds feed_heartbeat{15'000};   ///< a live feed says something at least so often
  std::string public_url{};                           ///< e.g. "https://shop.example": makes links absolute; empty = they are paths
};

/// A route besides the generic API: `pattern` is literal segments and `{name}` captures, e.g. "/circle/{id}".
struct route {
  http::method method{};
  std::string pattern{};
  http::handler handler{};
  std::string summary{};  ///< for /openapi.json
};

/// Serves a runtime over HTTP/1.1 on the runtime's own workers. The runtime must outlive it.
class server {
 public:
  /// Binds and begins to accept. @returns io_error when the address cannot be had, already_exists when two routes collide.
  [[nodiscard]] static result<std::unique_ptr<server>> start(runtime& served, server_options options, std::vector<route> routes = {});

  server(server const&) = delete;
  server& operator=(server const&) = delete;
  ~server();

  [[nodiscard]] std::uint16_t port() const noexcept;

  /// /readyz turns 503, accepting stops, requests under way are answered, then connections close; those still open at the deadline are cut.
  /// Call before runtime::stop. Blocks.
  void stop(std::chrono::milliseconds deadline);

 private:
  class impl;
  explicit server(std::unique_ptr<impl> made);
  std::unique_ptr<impl> impl_;
};

/// RFC 9457 problem+json, for custom routes. `type` becomes the absolute URI of the docs' page `docs/problems/<slug>`.
[[nodiscard]] response problem(std::uint16_t status, std::string_view slug, std::string_view title, std::string_view detail);
/// The problem for a failure or a rejection, as the generic API would answer it.
[[nodiscard]] response problem(failure const& why);
[[nodiscard]] response problem(rejection const& why);

}  // namespace evoke::http
