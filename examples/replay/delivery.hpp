#pragma once

#include "replay/http_connection.hpp"

#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <random>
#include <string>

namespace replay {

struct patience {
  std::chrono::milliseconds reply_timeout{35'000};  ///< for one attempt; longer than the server takes to answer 504
  std::chrono::milliseconds give_up_after{30'000};  ///< since a request's first attempt that failed
  std::chrono::milliseconds first_pause{25};        ///< doubled with each attempt, ...
  std::chrono::milliseconds longest_pause{1'000};   ///< ... up to this
};

/// What all connections of one run have in common. Single-threaded.
struct delivery_state {
  std::uint64_t attempts = 0;  ///< requests sent, repetitions included
  std::uint64_t repeats = 0;
  std::string given_up{};  ///< why, once one connection gave up: then all do
};

/// Sends requests over one connection until there is an answer that would not be another if asked again: repeats, with growing pauses,
/// what was lost, what the server had no room or time for (408, 429, 502, 503, 504, 507) and a key that is still in flight (409). Safe
/// for commands, because each repetition carries the same idempotency key.
class delivery {
 public:
  delivery(boost::asio::any_io_executor const& executor, server_address server, patience how_long, delivery_state& shared);

  /// @returns timed_out when nothing came of it within `give_up_after`, or when another connection gave up.
  [[nodiscard]] boost::asio::awaitable<evoke::result<http_reply>> send(http_request const& request);

 private:
  [[nodiscard]] std::chrono::milliseconds next_pause(std::chrono::milliseconds before, std::string const& retry_after);

  http_connection connection_;
  boost::asio::steady_timer timer_;
  patience how_long_;
  delivery_state& shared_;
  std::minstd_rand jitter_{std::random_device{}()};
};

}  // namespace replay
