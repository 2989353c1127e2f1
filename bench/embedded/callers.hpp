#pragma once

#include "bench/measure/measure.hpp"
#include "examples/carts/cart.hpp"

#include <atomic>
#include <cstdint>
#include <string>
#include <vector>

namespace evoke::bench {

struct load_settings {
  std::size_t callers = 64;  ///< closed loop: calls open at once
  std::size_t batch = 1;     ///< commands a call; it is over when all of them are
  double rate = 0;           ///< commands a second, 0 = closed loop
  std::size_t keys = 10'000;
  std::size_t payload = 0;
  double seconds = 3;
  double warm_up = 1;
};

/// Commands that end, told from any thread.
class ended {
 public:
  explicit ended(std::size_t most) : us_(most) {}
  void accepted(steady::time_point since, window const& measured, bool timed) {
    accepted_.fetch_add(1, std::memory_order_relaxed);
    auto const now = steady::now();
    if (!measured.open(now)) return;
    in_time_.fetch_add(1, std::memory_order_relaxed);
    if (timed) add(now - since);
  }
  void add(steady::duration took) {
    auto const at = next_.fetch_add(1, std::memory_order_relaxed);
    if (at < us_.size()) us_[at] = static_cast<float>(std::chrono::duration<double, std::micro>(took).count());
  }
  void refused() { refused_.fetch_add(1, std::memory_order_relaxed); }

  [[nodiscard]] std::uint64_t accepted_in_all() const { return accepted_; }
  [[nodiscard]] std::uint64_t in_time() const { return in_time_; }
  [[nodiscard]] std::uint64_t refused_in_all() const { return refused_; }
  /// Once nobody tells any more.
  [[nodiscard]] latencies took() const;

 private:
  std::vector<float> us_;
  std::atomic<std::size_t> next_{0};
  std::atomic<std::uint64_t> accepted_{0};
  std::atomic<std::uint64_t> in_time_{0};
  std::atomic<std::uint64_t> refused_{0};
};

[[nodiscard]] std::string cart_id(std::uint64_t number);
[[nodiscard]] carts::add_cart_item item(std::size_t payload);

/// Creates carts 0 ... count - 1 and waits. @throws std::runtime_error when one is refused for another reason than that it is there.
void create_carts(runtime& on, std::size_t count);

/// Calls that begin again when they are over, from where they are answered.
void closed_loop(runtime& on, load_settings const& with, window const& measured, ended& into);
/// Commands when they are due, however many are open; latency from then. @returns how many this thread could not send in time.
std::uint64_t open_loop(runtime& on, load_settings const& with, window const& measured, ended& into);

}  // namespace evoke::bench
