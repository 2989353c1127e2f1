#pragma once

#include "replay/delivery.hpp"
#include "replay/orders.hpp"
#include "replay/tally.hpp"

#include <chrono>
#include <cstdint>
#include <functional>

namespace replay {

struct replay_options {
  server_address server;
  std::uint32_t connections = 16;
  patience how_long;
  /// Called now and then with what is done; may be empty.
  std::function<void(std::uint64_t done, std::uint64_t all)> on_lines{};
  std::function<void(std::uint64_t done, std::uint64_t all)> on_carts{};
  std::function<void(std::uint64_t done, std::uint64_t all)> on_documents{};
};

struct replay_report {
  tally counts;
  std::chrono::nanoseconds replay_time{};
  std::chrono::nanoseconds read_back_time{};
  std::chrono::nanoseconds documents_time{};
  std::uint64_t head_before = 0;  ///< of the server's log
  std::uint64_t head_after = 0;
  std::uint64_t repeats = 0;  ///< requests sent again
};

/// Drives the server with the orders, then reads every cart back and compares, and then every cart's document in the read model `carts`.
/// Blocks; uses one thread.
///
/// Different invoices go on side by side over `connections` connections, the lines of one follow each other. Nothing is written twice
/// however often this is called for the same file: each command has a key that only depends on the file, and demands the version that
/// the commands before it lead to, which protects even when the server has forgotten the keys.
/// @returns timed_out or malformed when the server cannot be spoken to at all.
[[nodiscard]] evoke::result<replay_report> run(order_file const& orders, replay_options const& options);

}  // namespace replay
