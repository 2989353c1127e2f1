#include <sys/resource.h>

#include <unistd.h>
#include <CLI/CLI.hpp>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <random>
#include <semaphore>
#include <string>

#include "examples/carts/cart.hpp"

/// Creates very many aggregates under a small resident limit, watches the process's memory, and then asks any of them again. Exits 1 when
/// the memory limit was passed or an aggregate did not answer with what was put into it.
namespace {

using carts::cart;
using carts::create_cart;
namespace fs = std::filesystem;

constexpr std::ptrdiff_t in_flight = 2'000;

std::uint64_t resident_mib() {
  std::ifstream in("/proc/self/statm");
  std::uint64_t all = 0;
  std::uint64_t resident = 0;
  in >> all >> resident;
  return resident * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE)) / (1024 * 1024);
}

std::string id_of(std::uint64_t n) {
  return "cart-" + std::to_string(n);
}
std::string owner_of(std::uint64_t n) {
  return "owner-" + std::to_string(n * 7919);
}

/// @returns how many were refused or failed.
std::uint64_t create_all(evoke::runtime& runtime, std::uint64_t count, std::uint64_t& peak_mib) {
  std::counting_semaphore<in_flight> room(in_flight);
  std::atomic<std::uint64_t> failed{0};
  for (std::uint64_t n = 0; n < count; ++n) {
    room.acquire();
    runtime.of<cart>(id_of(n)).execute(create_cart{owner_of(n)}, [&](evoke::command_result end) {
      if (!end.accepted()) ++failed;
      room.release();
    });
    if (n % 10'000 == 0) peak_mib = std::max(peak_mib, resident_mib());
  }
  for (std::ptrdiff_t i = 0; i < in_flight; ++i) room.acquire();
  peak_mib = std::max(peak_mib, resident_mib());
  return failed;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"Very many aggregates within a fixed memory limit"};
  std::uint64_t count = 1'000'000;
  std::uint64_t asked = 20'000;
  std::uint64_t limit_mib = 1'024;
  std::uint32_t resident = 20'000;
  std::uint64_t seed = std::random_device{}();
  std::string data = (fs::temp_directory_path() / "evoke-bench-aggregates").string();
  app.add_option("--count", count, "aggregates to create")->check(CLI::PositiveNumber);
  app.add_option("--ask", asked, "how many of them, drawn at random, are asked afterwards");
  app.add_option("--memory-mib", limit_mib, "what the whole process may take, in MiB");
  app.add_option("--resident", resident, "limit on resident aggregates")->check(CLI::PositiveNumber);
  app.add_option("--seed", seed, "of the draw");
  app.add_option("--data", data, "directory for the journal; emptied");
  CLI11_PARSE(app, argc, argv);

  fs::remove_all(data);
  evoke::runtime_options options;
  options.data = data;
  options.durability = evoke::durability::os;
  options.limits.max_resident_aggregates = resident;
  options.block_cache_bytes = 64ULL * 1024 * 1024;
  options.memtable_bytes = 64ULL * 1024 * 1024;
  evoke::registry types;
  if (auto added = types.add(evoke::define<cart>()); !added) return 2;
  auto started = evoke::runtime::start(std::move(types), options);
  if (!started) {
    std::fprintf(stderr, "%s\n", started.error().message.c_str());
    return 2;
  }
  auto& runtime = **started;

  auto const empty_mib = resident_mib();
  std::uint64_t peak_mib = 0;
  auto const begin = std::chrono::steady_clock::now();
  auto const failed = create_all(runtime, count, peak_mib);
  auto const seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  auto const info = runtime.info();
  std::printf("created %llu aggregates in %.1f s (%.0f/s), %llu failed, %llu resident, %llu MiB empty, %llu MiB at most\n",
              static_cast<unsigned long long>(count), seconds, static_cast<double>(count) / seconds,
              static_cast<unsigned long long>(failed), static_cast<unsigned long long>(info.resident_aggregates),
              static_cast<unsigned long long>(empty_mib), static_cast<unsigned long long>(peak_mib));

  std::mt19937_64 random(seed);
  std::uint64_t wrong = 0;
  auto const ask_begin = std::chrono::steady_clock::now();
  for (std::uint64_t i = 0; i < asked; ++i) {
    auto const n = random() % count;
    auto const state = runtime.of<cart>(id_of(n)).get();
    if (!state || state->user_account_id != owner_of(n)) ++wrong;
  }
  auto const ask_seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - ask_begin).count();
  peak_mib = std::max(peak_mib, resident_mib());
  std::printf("asked %llu of them (seed %llu), one after another, in %.1f s: %llu wrong, %llu MiB at most\n",
              static_cast<unsigned long long>(asked), static_cast<unsigned long long>(seed), ask_seconds,
              static_cast<unsigned long long>(wrong), static_cast<unsigned long long>(peak_mib));
  runtime.stop(std::chrono::seconds(30));
  fs::remove_all(data);
  bool const good = failed == 0 && wrong == 0 && info.head == evoke::position{count} && peak_mib <= limit_mib;
  if (peak_mib > limit_mib) std::printf("that is above the limit of %llu MiB\n", static_cast<unsigned long long>(limit_mib));
  return good ? 0 : 1;
}
