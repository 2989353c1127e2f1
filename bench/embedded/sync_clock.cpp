#include "bench/embedded/sync_clock.hpp"

#include <dlfcn.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cstdio>
#include <string_view>

namespace evoke::bench {
namespace {

std::atomic<std::uint64_t> calls{0};
std::atomic<std::int64_t> nanoseconds{0};

/// By its name: the journal's mark and table files are synced, too, but no command waits for them.
bool is_log(int file) {
  std::array<char, 64> link{};
  std::snprintf(link.data(), link.size(), "/proc/self/fd/%d", file);
  std::array<char, 512> path{};
  auto const length = readlink(link.data(), path.data(), path.size());
  return length > 0 && std::string_view(path.data(), static_cast<std::size_t>(length)).ends_with(".log");
}

}  // namespace

synced synced_so_far() noexcept {
  return {calls.load(std::memory_order_acquire), std::chrono::nanoseconds(nanoseconds.load(std::memory_order_acquire))};
}

}  // namespace evoke::bench

extern "C" int fdatasync(int file) {
  using namespace evoke::bench;
  static auto const real = reinterpret_cast<int (*)(int)>(dlsym(RTLD_NEXT, "fdatasync"));
  if (!is_log(file)) return real(file);
  auto const begun = std::chrono::steady_clock::now();
  int const done = real(file);
  auto const took = std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::steady_clock::now() - begun);
  nanoseconds.fetch_add(took.count(), std::memory_order_release);
  calls.fetch_add(1, std::memory_order_release);
  return done;
}
