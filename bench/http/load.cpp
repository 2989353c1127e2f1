#include <CLI/CLI.hpp>
#include <cstdio>
#include <random>
#include <stdexcept>
#include <string>
#include <vector>

#include "bench/http/closed_loop.hpp"
#include "bench/measure/measure.hpp"

/// Load on a server that runs already: carts made beforehand, then items added to them, or their states read.
namespace {

using namespace evoke::bench;

std::string post(std::string const& path, std::string const& with) {
  return "POST " + path +
         " HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: " + std::to_string(with.size()) + "\r\n\r\n" +
         with;
}

std::string cart(std::uint64_t number) {
  return "/v1/aggregates/cart/c-" + std::to_string(number);
}

void create(load_options options, std::size_t keys) {
  options.connections = 256;
  options.most_requests = keys;
  options.warm_up = std::chrono::milliseconds(0);
  options.measured = std::chrono::minutes(5);
  options.rate = 0;
  options.request = [](std::uint64_t n, std::string& out) {
    out = post(cart(n) + "/commands/create_cart", R"({"user_account_id":"bench"})");
  };
  if (closed_loop(options).all_2xx != keys) throw std::runtime_error("not all carts could be made");
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"Load on a server over HTTP"};
  load_options options;
  std::string workload = "adds";
  std::size_t keys = 10'000;
  std::size_t payload = 0;
  double seconds = 3;
  double warm_up = 1;
  int processor = -1;
  bool json = false;
  app.add_option("--port", options.port, "of the server on this machine")->required();
  app.add_option("--workload", workload, "create, adds, reads or echo")->check(CLI::IsMember({"create", "adds", "reads", "echo"}));
  app.add_option("--connections", options.connections, "that send")->check(CLI::Range(1, 20'000));
  app.add_option("--rate", options.rate, "operations a second, evenly; 0 = each sends when its answer is there");
  app.add_option("--keys", keys, "carts, drawn evenly")->check(CLI::PositiveNumber);
  app.add_option("--payload", payload, "bytes added to each command");
  app.add_option("--seconds", seconds, "measured time");
  app.add_option("--warmup", warm_up, "seconds before it");
  app.add_option("--processor", processor, "to run on");
  app.add_flag("--json", json, "accepted for evenness: there is no other output");
  CLI11_PARSE(app, argc, argv);
  try {
    run_on(processor);
    if (workload == "create") {
      create(options, keys);
      print({{"tool", "evoke-bench-load"}, {"created", keys}});
      return 0;
    }
    std::mt19937_64 random(7);
    auto const data = event_data(payload);
    options.warm_up = std::chrono::milliseconds(static_cast<int>(warm_up * 1e3));
    options.measured = std::chrono::milliseconds(static_cast<int>(seconds * 1e3));
    options.request = [&](std::uint64_t, std::string& out) {
      auto const path = cart(random() % keys);
      if (workload == "reads")
        out = "GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n";
      else
        out = post(path + "/commands/add_cart_item", data);
    };
    auto result = closed_loop(options);
    latencies took;
    for (auto const us : result.latencies_us) took.add(std::chrono::microseconds(us));
    print({{"tool", "evoke-bench-load"},
           {"seconds", result.seconds},
           {"operations",
            {{"count", result.answered}, {"per_second", result.per_second()}, {"refused", result.refused}, {"all_2xx", result.all_2xx}}},
           {"latency_us", took.summary()}});
    return 0;
  } catch (std::exception const& failed) {
    std::fprintf(stderr, "evoke-bench-load: %s\n", failed.what());
    return 1;
  }
}
