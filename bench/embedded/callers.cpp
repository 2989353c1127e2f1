#include "bench/embedded/callers.hpp"

#include <memory>
#include <semaphore>
#include <stdexcept>
#include <thread>

namespace evoke::bench {
namespace {

/// One call at a time of so many commands. The last answer of a call begins the next.
class caller {
 public:
  caller(runtime& on, load_settings const& with, window const& measured, ended& into, std::counting_semaphore<>& over, std::size_t number)
      : on_(on), with_(with), measured_(measured), into_(into), over_(over), random_(number) {}

  void begin() {
    since_ = steady::now();
    open_.store(with_.batch, std::memory_order_relaxed);
    // Drawn beforehand: the last answer may come, and begin the next call, while this one is still being sent.
    std::vector<std::uint64_t> ids(with_.batch);
    for (auto& each : ids) each = random_() % with_.keys;
    for (auto const each : ids)
      on_.of<carts::cart>(cart_id(each)).execute(item(with_.payload), [this](command_result end) { answered(end); });
  }

 private:
  void answered(command_result const& end) {
    if (end.accepted())
      into_.accepted(since_, measured_, false);
    else
      into_.refused();
    if (open_.fetch_sub(1, std::memory_order_acq_rel) > 1) return;
    auto const now = steady::now();
    if (measured_.open(now)) into_.add(now - since_);
    if (measured_.over(now)) return over_.release();
    begin();
  }

  runtime& on_;
  load_settings const& with_;
  window const& measured_;
  ended& into_;
  std::counting_semaphore<>& over_;
  std::mt19937_64 random_;
  std::atomic<std::size_t> open_{0};
  steady::time_point since_;
};

}  // namespace

latencies ended::took() const {
  latencies all;
  for (std::size_t i = 0; i < std::min(next_.load(), us_.size()); ++i)
    all.add(std::chrono::duration_cast<steady::duration>(std::chrono::duration<double, std::micro>(us_[i])));
  return all;
}

std::string cart_id(std::uint64_t number) {
  return "c-" + std::to_string(number);
}

carts::add_cart_item item(std::size_t payload) {
  return {"85123A", 1, 255, "WHITE HANGING HEART" + std::string(payload, 'x')};
}

void create_carts(runtime& on, std::size_t count) {
  constexpr std::ptrdiff_t in_flight = 256;
  std::counting_semaphore<in_flight> room(in_flight);
  std::atomic<std::uint64_t> failed{0};
  for (std::size_t i = 0; i < count; ++i) {
    room.acquire();
    on.of<carts::cart>(cart_id(i)).execute(carts::create_cart{"bench"}, [&](command_result end) {
      if (end.failed()) ++failed;
      room.release();
    });
  }
  for (std::ptrdiff_t i = 0; i < in_flight; ++i) room.acquire();
  if (failed > 0) throw std::runtime_error("not all carts could be made");
}

void closed_loop(runtime& on, load_settings const& with, window const& measured, ended& into) {
  std::counting_semaphore<> over(0);
  std::vector<std::unique_ptr<caller>> all;
  for (std::size_t i = 0; i < with.callers; ++i) all.push_back(std::make_unique<caller>(on, with, measured, into, over, i));
  for (auto const& each : all) each->begin();
  for (std::size_t i = 0; i < all.size(); ++i) over.acquire();
}

std::uint64_t open_loop(runtime& on, load_settings const& with, window const& measured, ended& into) {
  constexpr auto too_late = std::chrono::milliseconds(5);
  std::uint64_t unsent = 0;
  std::atomic<std::uint64_t> open{0};
  std::mt19937_64 random(7);
  auto const between = std::chrono::duration<double>(1 / with.rate);
  auto const begun = steady::now();
  for (std::uint64_t sent = 0;; ++sent) {
    auto const due = begun + std::chrono::duration_cast<steady::duration>(between * static_cast<double>(sent));
    if (measured.over(due)) break;
    if (due > steady::now() + std::chrono::microseconds(200)) std::this_thread::sleep_until(due);
    // What this thread cannot send in time is no wait for evoke: it is left out, and told.
    if (steady::now() - due > too_late) {
      ++unsent;
      continue;
    }
    open.fetch_add(1, std::memory_order_relaxed);
    on.of<carts::cart>(cart_id(random() % with.keys)).execute(item(with.payload), [&, due](command_result end) {
      if (end.accepted())
        into.accepted(due, measured, true);
      else
        into.refused();
      open.fetch_sub(1, std::memory_order_release);
      open.notify_one();
    });
  }
  for (auto left = open.load(std::memory_order_acquire); left > 0; left = open.load(std::memory_order_acquire)) open.wait(left);
  return unsent;
}

}  // namespace evoke::bench
