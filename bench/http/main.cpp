#include <sched.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <iostream>
#include <nlohmann/json.hpp>
#include <random>
#include <string>
#include <vector>

#include "bench/http/child_server.hpp"
#include "bench/http/closed_loop.hpp"

/// Durable commands a second over HTTP beside a bare Beast echo, in turn and in one run: the load generator on one processor, the servers
/// free to use both. Afterwards the head of the log is compared with the answers: only what is stored counts.
namespace {

namespace fs = std::filesystem;
using namespace evoke::bench;

constexpr std::size_t carts = 10'000;
constexpr std::string_view body = R"({"product_id":"85123A","quantity":1,"unit_price":255,"name":"WHITE HANGING HEART"})";

std::string post(std::string const& path, std::string_view with) {
  return "POST " + path +
         " HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: " + std::to_string(with.size()) + "\r\n\r\n" +
         std::string(with);
}

std::uint64_t head_of(std::uint16_t port) {
  auto const info = nlohmann::json::parse(ask_once(port, "GET /v1/info HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"));
  return info.at("head").get<std::uint64_t>();
}

/// While it lives, this thread runs on the last processor only. Children started before it are not touched.
class pinned {
 public:
  pinned() {
    if (sched_getaffinity(0, sizeof before_, &before_) != 0 || CPU_COUNT(&before_) < 2) return;
    int last = 0;
    for (int i = 0; i < CPU_SETSIZE; ++i)
      if (CPU_ISSET(i, &before_)) last = i;
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(last, &one);
    changed_ = sched_setaffinity(0, sizeof one, &one) == 0;
  }
  ~pinned() {
    if (changed_) sched_setaffinity(0, sizeof before_, &before_);
  }
  pinned(pinned const&) = delete;
  pinned& operator=(pinned const&) = delete;

 private:
  cpu_set_t before_{};
  bool changed_ = false;
};

struct side {
  std::vector<double> rates;
  std::vector<double> cpu_us;
  std::uint32_t p50 = 0;
  std::uint32_t p99 = 0;
};

void note(side& into, load_result& result, double cpu) {
  into.rates.push_back(result.per_second());
  if (result.all_2xx > 0) into.cpu_us.push_back(cpu * 1e6 / static_cast<double>(result.all_2xx));
  into.p50 = result.percentile_us(0.5);
  into.p99 = result.percentile_us(0.99);
}

double median(std::vector<double> values) {
  std::ranges::sort(values);
  return values.empty() ? 0 : values[values.size() / 2];
}

void print(char const* name, std::size_t connections, side const& of) {
  auto const [low, high] = std::ranges::minmax_element(of.rates);
  std::printf("%-28s %4zu connections: %8.0f/s (%.0f-%.0f), server CPU %5.1f us each, last round p50 %u us, p99 %u us\n", name, connections,
              median(of.rates), *low, *high, median(of.cpu_us), of.p50, of.p99);
}

/// Ours: the same command on carts drawn evenly. False when the log does not hold what was answered.
bool run_ours(std::string const& server, fs::path const& data, std::string const& durability, std::size_t connections,
              std::chrono::milliseconds measured, side& into) {
  fs::remove_all(data);
  child_server const running({server, "--listen", "127.0.0.1:0", "--data", data.string(), "--durability", durability});
  load_options create;
  create.port = running.port();
  create.connections = 256;
  create.most_requests = carts;
  create.warm_up = std::chrono::milliseconds(0);
  create.measured = std::chrono::minutes(2);
  create.request = [](std::uint64_t n, std::string& out) {
    out = post("/v1/aggregates/cart/c-" + std::to_string(n) + "/commands/create_cart", R"({"user_account_id":"bench"})");
  };
  static_cast<void>(closed_loop(create));

  std::mt19937_64 random(connections);
  std::vector<std::string> requests;
  for (std::size_t i = 0; i < carts; ++i)
    requests.push_back(post("/v1/aggregates/cart/c-" + std::to_string(i) + "/commands/add_cart_item", body));
  load_options load;
  load.port = running.port();
  load.connections = connections;
  load.measured = measured;
  load.request = [&](std::uint64_t, std::string& out) { out = requests[random() % carts]; };
  auto const before = head_of(running.port());
  auto const cpu_before = running.cpu_seconds();
  pinned const loading;
  auto result = closed_loop(load);
  note(into, result, running.cpu_seconds() - cpu_before);
  auto const stored = head_of(running.port()) - before;
  if (stored == result.all_2xx && result.refused == 0) return true;
  std::printf("answered %llu, stored %llu, refused %llu\n", static_cast<unsigned long long>(result.all_2xx),
              static_cast<unsigned long long>(stored), static_cast<unsigned long long>(result.refused));
  return false;
}

void run_echo(std::string const& server, std::size_t connections, std::chrono::milliseconds measured, side& into) {
  child_server const running({server, "127.0.0.1:0", "1"});
  load_options load;
  load.port = running.port();
  load.connections = connections;
  load.measured = measured;
  auto const request = post("/echo/c-1234/commands/add_cart_item", body);
  load.request = [&](std::uint64_t, std::string& out) { out = request; };
  auto const cpu_before = running.cpu_seconds();
  pinned const loading;
  auto result = closed_loop(load);
  note(into, result, running.cpu_seconds() - cpu_before);
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"Durable commands a second over HTTP, beside a bare Beast echo in the same run"};
  auto const here = fs::read_symlink("/proc/self/exe").parent_path();
  int rounds = 5;
  double seconds = 3;
  std::vector<std::size_t> connections{64, 256};
  std::string data = (fs::temp_directory_path() / "evoke-bench-http").string();
  bool os_too = false;
  app.add_option("--rounds", rounds, "rounds of each, in turn")->check(CLI::Range(1, 100));
  app.add_option("--seconds", seconds, "measured time of a round")->check(CLI::Range(0.5, 600.0));
  app.add_option("--connections", connections, "numbers of connections");
  app.add_option("--data", data, "directory for the journal; emptied");
  app.add_flag("--os", os_too, "also in os mode, without fsync");
  CLI11_PARSE(app, argc, argv);

  auto const measured = std::chrono::milliseconds(static_cast<int>(seconds * 1'000));
  auto const server = (here / "evoke-server").string();
  auto const echo = (here / "evoke-bench-echo").string();
  bool whole = true;
  try {
    for (auto const count : connections) {
      side ours, os, bare;
      for (int i = 0; i < rounds; ++i) {
        run_echo(echo, count, measured, bare);
        whole = run_ours(server, data, "disk", count, measured, ours) && whole;
        if (os_too) whole = run_ours(server, data, "os", count, measured, os) && whole;
      }
      print("bare Beast echo", count, bare);
      print("evoke, durable (disk)", count, ours);
      if (os_too) print("evoke, os", count, os);
      std::printf("%-28s %4zu connections: %.2f (P1)\n", "evoke / echo", count, median(ours.rates) / median(bare.rates));
      if (os_too) std::printf("%-28s %4zu connections: %.2f (P2)\n", "disk / os", count, median(ours.rates) / median(os.rates));
    }
  } catch (std::exception const& failed) {
    std::cerr << "evoke-bench-http: " << failed.what() << '\n';
    return 2;
  }
  fs::remove_all(data);
  if (!whole) std::puts("what is stored differs from what was answered: these figures do not count");
  return whole ? 0 : 1;
}
