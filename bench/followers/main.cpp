#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <iostream>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "bench/followers/follower_crowd.hpp"
#include "bench/http/child_server.hpp"
#include "bench/http/closed_loop.hpp"
#include "bench/measure/measure.hpp"

/// What live followers cost commands, and how soon they hear: commands as fast as answers come, with and without followers, in turn; then
/// commands at a constant rate, and the age of each event when its followers have it.
namespace {

namespace fs = std::filesystem;
using namespace evoke::bench;

constexpr std::string_view item = R"({"product_id":"85123A","quantity":1,"unit_price":255,"name":"WHITE HANGING HEART"})";

std::string post(std::string const& path, std::string_view with) {
  return "POST " + path +
         " HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: " + std::to_string(with.size()) + "\r\n\r\n" +
         std::string(with);
}

std::string cart(std::uint64_t number) {
  return "c-" + std::to_string(number);
}

struct settings {
  std::string server;
  std::string data;
  std::size_t carts = 10'000;
  std::size_t followed = 1'000;
  std::size_t of_everything = 10;
  std::size_t connections = 64;
  std::chrono::milliseconds measured{3'000};
  double rate = 2'000;
};

void create_carts(settings const& with, std::uint16_t port) {
  load_options create;
  create.port = port;
  create.connections = 256;
  create.most_requests = with.carts;
  create.warm_up = std::chrono::milliseconds(0);
  create.measured = std::chrono::minutes(2);
  create.request = [](std::uint64_t n, std::string& out) {
    out = post("/v1/aggregates/cart/" + cart(n) + "/commands/create_cart", R"({"user_account_id":"bench"})");
  };
  static_cast<void>(closed_loop(create));
}

std::unique_ptr<follower_crowd> followers(settings const& with, std::uint16_t port) {
  std::vector<std::string> targets;
  for (std::size_t i = 0; i < with.followed; ++i) targets.push_back("/v1/streams/cart/" + cart(i) + "?from_version=2");
  auto const head = ask_once(port, "GET /v1/info HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
  auto const at = head.find("\"head\":");
  for (std::size_t i = 0; i < with.of_everything; ++i)
    targets.push_back("/v1/events?after=" + std::to_string(std::stoull(head.substr(at + 7))));
  return std::make_unique<follower_crowd>(port, targets);
}

load_result load(settings const& with, std::uint16_t port, double rate) {
  std::mt19937_64 random(7);
  load_options options;
  options.port = port;
  options.connections = with.connections;
  options.measured = with.measured;
  options.rate = rate;
  // Only carts that somebody follows: each command is heard by its own follower and by those of everything.
  options.request = [&](std::uint64_t, std::string& out) {
    out = post("/v1/aggregates/cart/" + cart(random() % with.followed) + "/commands/add_cart_item", item);
  };
  return closed_loop(options);
}

struct run {
  double commands = 0;
  double cpu_us = 0;
  std::uint64_t heard = 0;
  std::uint64_t caused = 0;
  std::vector<std::uint32_t> ages_us;
  std::uint32_t p99_us = 0;
};

run measure(settings const& with, bool followed, double rate) {
  fs::remove_all(with.data);
  child_server const server({with.server, "--listen", "127.0.0.1:0", "--data", with.data});
  create_carts(with, server.port());
  auto crowd = followed ? followers(with, server.port()) : nullptr;
  if (crowd) crowd->begin();
  auto const cpu = server.cpu_seconds();
  auto result = load(with, server.port(), rate);
  run done;
  done.commands = result.per_second();
  done.cpu_us = (server.cpu_seconds() - cpu) * 1e6 / static_cast<double>(std::max<std::uint64_t>(result.all_2xx, 1));
  done.p99_us = result.percentile_us(0.99);
  done.caused = result.all_2xx;
  if (!crowd) return done;
  // Every follower hears its own: one for the stream, and each of those of everything.
  auto const expected = result.all_2xx * (1 + with.of_everything);
  auto const until = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  while (crowd->events() < expected && std::chrono::steady_clock::now() < until) std::this_thread::yield();
  done.heard = crowd->events();
  done.ages_us = crowd->finish();
  return done;
}

double median(std::vector<double> values) {
  std::ranges::sort(values);
  return values.empty() ? 0 : values[values.size() / 2];
}

std::uint32_t percentile(std::vector<std::uint32_t>& values, double share) {
  if (values.empty()) return 0;
  std::ranges::sort(values);
  return values[std::min(values.size() - 1, static_cast<std::size_t>(share * static_cast<double>(values.size())))];
}

void print(char const* name, std::vector<double> const& rates, std::vector<double> const& cpu) {
  auto const [low, high] = std::ranges::minmax_element(rates);
  std::printf("%-34s %8.0f commands/s (%.0f-%.0f), server CPU %.1f us each\n", name, median(rates), *low, *high, median(cpu));
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"What live followers cost commands, and how soon they hear"};
  settings with;
  with.server = (fs::read_symlink("/proc/self/exe").parent_path() / "evoke-server").string();
  with.data = (fs::temp_directory_path() / "evoke-bench-followers").string();
  int rounds = 5;
  double seconds = 3;
  bool json = false;
  app.add_option("--rounds", rounds, "rounds of each, in turn")->check(CLI::Range(1, 100));
  app.add_option("--seconds", seconds, "measured time of a round")->check(CLI::Range(0.5, 600.0));
  app.add_option("--followers", with.followed, "followers of one aggregate each")->check(CLI::Range(1, 10'000));
  app.add_option("--of-everything", with.of_everything, "followers of the whole log")->check(CLI::Range(0, 1'000));
  app.add_option("--connections", with.connections, "connections that send commands");
  app.add_option("--rate", with.rate, "commands a second of the constant rate");
  app.add_option("--data", with.data, "directory for the journal; emptied");
  app.add_flag("--json", json, "print the medians as one JSON object");
  CLI11_PARSE(app, argc, argv);
  with.measured = std::chrono::milliseconds(static_cast<int>(seconds * 1'000));

  bool whole = true;
  try {
    std::vector<double> alone, alone_cpu, together, together_cpu;
    std::vector<std::uint32_t> ages, under_load;
    std::uint64_t heard = 0;
    std::uint64_t caused = 0;
    auto const check = [&](run const& done) {
      auto const expected = done.caused * (1 + with.of_everything);
      heard += done.heard;
      caused += expected;
      if (done.heard == expected) return;
      whole = false;
      if (json) return;
      std::printf("followers heard %llu events, should have heard %llu\n", static_cast<unsigned long long>(done.heard),
                  static_cast<unsigned long long>(expected));
    };
    std::uint32_t command_p99 = 0;
    for (int i = 0; i < rounds; ++i) {
      auto const without = measure(with, false, 0);
      alone.push_back(without.commands);
      alone_cpu.push_back(without.cpu_us);
      auto followed = measure(with, true, 0);
      together.push_back(followed.commands);
      together_cpu.push_back(followed.cpu_us);
      under_load.insert(under_load.end(), followed.ages_us.begin(), followed.ages_us.end());
      check(followed);
      auto constant = measure(with, true, with.rate);
      ages.insert(ages.end(), constant.ages_us.begin(), constant.ages_us.end());
      command_p99 = constant.p99_us;
      check(constant);
    }
    if (json) {
      fs::remove_all(with.data);
      print({{"tool", "evoke-bench-followers"},
             {"whole", whole},
             {"heard", heard},
             {"caused", caused},
             {"alone_per_second", median(alone)},
             {"together_per_second", median(together)},
             {"alone_cpu_us", median(alone_cpu)},
             {"together_cpu_us", median(together_cpu)},
             {"age_us", {{"p50", percentile(ages, 0.5)}, {"p99", percentile(ages, 0.99)}, {"p999", percentile(ages, 0.999)}}},
             {"age_under_load_us", {{"p50", percentile(under_load, 0.5)}, {"p99", percentile(under_load, 0.99)}}},
             {"command_p99_us", command_p99}});
      return 0;
    }
    print("commands alone", alone, alone_cpu);
    print("commands with followers", together, together_cpu);
    std::printf("%-34s %8.2f\n", "with / alone (P18)", median(together) / median(alone));
    std::printf("age of events at that load:        p50 %u us, p99 %u us\n", percentile(under_load, 0.5), percentile(under_load, 0.99));
    std::printf("age of events at %.0f commands/s:   p50 %u us, p99 %u us; commands p99 %u us (P18)\n", with.rate, percentile(ages, 0.5),
                percentile(ages, 0.99), command_p99);
  } catch (std::exception const& failed) {
    std::cerr << "evoke-bench-followers: " << failed.what() << '\n';
    return 2;
  }
  fs::remove_all(with.data);
  if (!whole) std::puts("followers missed events: these figures do not count");
  return whole ? 0 : 1;
}
