#pragma once

#include <chrono>
#include <cstdlib>
#include <random>
#include <string>

#include "tests/runtime/ledger_views.hpp"
#include "tests/runtime/runtimes.hpp"

namespace evoke::tests {

using namespace std::chrono_literals;

inline constexpr std::chrono::milliseconds kPatience = 30'000ms;

inline position accepted(runtime& rt, std::string const& id, std::string const& command, std::string const& body) {
  auto const end = rt.execute(request(id, command, body)).get();
  if (!end.accepted()) FAIL("not accepted: " << command << " " << body);
  return end.reply().position;
}
inline position make_ledger(runtime& rt, std::string const& id, std::string const& owner = "ann") {
  return accepted(rt, id, "open_ledger", R"({"owner":")" + owner + "\"}");
}
inline position put_in(runtime& rt, std::string const& id, std::int64_t amount, std::int64_t times = 1) {
  return accepted(rt, id, "book", R"({"amount":)" + std::to_string(amount) + R"(,"times":)" + std::to_string(times) + "}");
}

/// Fails the test with the failure's message.
template <class T>
T need(std::future<result<T>> waiting) {
  auto got = waiting.get();
  if (!got) FAIL(name_of(got.error().code) << ": " << got.error().message);
  if constexpr (!std::is_void_v<T>) return std::move(*got);
}

/// Asks again until the status is as wanted.
template <class Wanted>
projection_status wait_until(runtime& rt, std::string const& name, Wanted const& wanted) {
  auto const until = std::chrono::steady_clock::now() + kPatience;
  for (;;) {
    auto now = need(rt.projection(name));
    if (wanted(now)) return now;
    if (std::chrono::steady_clock::now() > until) FAIL(name << " does not become what is waited for");
    std::this_thread::yield();
  }
}

/// EVOKE_SEED, or a fresh one; INFO it.
inline std::uint64_t test_seed() {
  if (char const* const given = std::getenv("EVOKE_SEED")) return std::strtoull(given, nullptr, 10);
  return std::random_device{}();
}

/// Nothing of what a test let projections do stays behind.
struct no_mischief {
  no_mischief() { end(); }
  ~no_mischief() { end(); }
  static void end() {
    ledgers::doing().poison = 0;
    release();
  }
  static void release() {
    ledgers::doing().hold = false;
    ledgers::doing().hold.notify_all();
  }
};

}  // namespace evoke::tests
