#pragma once

#include "replay/url.hpp"

#include <evoke/result.hpp>

#include <utility>  // Boost 1.81's Asio uses std::exchange without it

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <memory>
#include <string>
#include <vector>

namespace replay {

struct http_request {
  std::string method;
  std::string target;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;  ///< JSON, or empty
};

struct http_reply {
  unsigned status = 0;
  std::string etag;               ///< with its quotes, empty = none
  std::string retry_after;        ///< as sent, empty = none
  std::string consistency_token;  ///< as sent, empty = none
  std::string link;               ///< as sent, empty = none
  std::string location;           ///< as sent, empty = none
  bool replayed = false;          ///< Idempotency-Replayed: true
  std::string body;
};

/// One keep-alive connection to one server; connects when it has to. Single-threaded: one request at a time.
class http_connection {
 public:
  http_connection(boost::asio::any_io_executor executor, server_address server);
  http_connection(http_connection&&) noexcept;
  ~http_connection();

  /// Sends and waits for the whole reply. @returns io_error when there is none within `timeout`; the connection is closed then, and the
  /// request may or may not have been carried out. The request must live until the reply is there.
  [[nodiscard]] boost::asio::awaitable<evoke::result<http_reply>> send(http_request const& request, std::chrono::milliseconds timeout);

 private:
  class impl;
  std::unique_ptr<impl> impl_;
};

}  // namespace replay
