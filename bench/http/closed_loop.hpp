#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace evoke::bench {

/// What a load found: each connection sends its next request when the answer to the last is there, or, at a rate, when it is due as well.
struct load_result {
  std::uint64_t answered = 0;  ///< 2xx answers within the measured time
  std::uint64_t refused = 0;   ///< other answers
  std::uint64_t all_2xx = 0;   ///< 2xx answers in all, warm-up and rest included: what the server must have stored
  double seconds = 0;
  std::vector<std::uint32_t> latencies_us;  ///< of the measured answers, unsorted

  [[nodiscard]] double per_second() const noexcept { return seconds > 0 ? static_cast<double>(answered) / seconds : 0; }
  /// @param share 0.5 = the median. Sorts.
  [[nodiscard]] std::uint32_t percentile_us(double share);
};

struct load_options {
  std::uint16_t port = 0;
  std::size_t connections = 64;
  std::chrono::milliseconds warm_up{500};
  std::chrono::milliseconds measured{3'000};
  /// The nth request in all, complete bytes. Called on the load's only thread.
  std::function<void(std::uint64_t n, std::string& out)> request;
  std::uint64_t most_requests = UINT64_MAX;  ///< ends early when so many were sent and answered
  /// Requests a second in all, 0 = as fast as answers come. At a rate each connection keeps a timetable, and latency counts from the time a
  /// request was due: a server that falls behind shows it (no coordinated omission).
  double rate = 0;
};

/// Drives 127.0.0.1:port on the calling thread. Throws std::runtime_error when connections break.
[[nodiscard]] load_result closed_loop(load_options const& options);

/// One request on a connection of its own; the answer's body.
[[nodiscard]] std::string ask_once(std::uint16_t port, std::string const& request);

}  // namespace evoke::bench
