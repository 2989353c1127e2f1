#pragma once

#include <chrono>
#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

/// What the measuring programs share: a window of time, latencies, where a thread runs, and the one event that everybody stores.
namespace evoke::bench {

using steady = std::chrono::steady_clock;

/// Latencies of one round. Kept one by one: a round has some hundred thousands.
class latencies {
 public:
  void add(steady::duration took) {
    us_.push_back(static_cast<double>(std::chrono::duration_cast<std::chrono::nanoseconds>(took).count()) / 1e3);
  }
  [[nodiscard]] std::size_t count() const noexcept { return us_.size(); }
  /// {"count","min","p50","p90","p99","p999","max","mean"}, in microseconds; only "count" where there are none.
  [[nodiscard]] nlohmann::json summary();

 private:
  std::vector<double> us_;
};

/// When answers count: behind the warm-up, before the end. Everything that was acknowledged is counted apart, because all of it is stored.
class window {
 public:
  window(double warm_up_seconds, double seconds);
  [[nodiscard]] bool open(steady::time_point now) const noexcept { return now >= from_ && now < to_; }
  [[nodiscard]] bool over(steady::time_point now) const noexcept { return now >= to_; }
  [[nodiscard]] double seconds() const noexcept { return std::chrono::duration<double>(to_ - from_).count(); }
  [[nodiscard]] steady::time_point from() const noexcept { return from_; }
  [[nodiscard]] steady::time_point to() const noexcept { return to_; }

 private:
  steady::time_point from_;
  steady::time_point to_;
};

/// This process on one processor from now on; below zero: anywhere. @throws std::runtime_error when the system refuses.
void run_on(int processor);

/// The JSON of the event that all stores are given: an item added to a cart. @param filler bytes added to its name.
[[nodiscard]] std::string event_data(std::size_t filler);

/// Resident memory of this process now.
[[nodiscard]] std::uint64_t resident_bytes();
/// User and system time that this process has taken.
[[nodiscard]] double cpu_seconds();

/// One JSON object on standard output: what a measuring program says, and nothing else.
void print(nlohmann::json const& result);

}  // namespace evoke::bench
