#include <malloc.h>

#include <CLI/CLI.hpp>
#include <caf/all.hpp>
#include <cstdio>
#include <vector>

#include "bench/measure/measure.hpp"

/// What an actor costs in memory that does nothing and knows nothing: no aggregate can be cheaper than the actor it lives in.
namespace {

class bare final : public caf::event_based_actor {
 public:
  explicit bare(caf::actor_config& config) : caf::event_based_actor(config) {}
  caf::behavior make_behavior() override {
    return {[](int number) { return number; }};
  }
};

double bytes_each(std::size_t count) {
  caf::actor_system_config config;
  caf::actor_system system(config);
  std::vector<caf::actor> all;
  all.reserve(count);
  auto const spawn = [&](std::size_t more) {
    for (std::size_t i = 0; i < more; ++i) all.push_back(system.spawn<bare>());
    malloc_trim(0);
    return static_cast<double>(evoke::bench::resident_bytes());
  };
  auto const half = spawn(count / 2);
  auto const whole = spawn(count - count / 2);
  for (auto& each : all) caf::anon_send_exit(each, caf::exit_reason::user_shutdown);
  return (whole - half) / static_cast<double>(count - count / 2);
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"Memory of bare CAF actors"};
  std::size_t count = 200'000;
  bool json = false;
  app.add_option("--count", count, "of actors")->check(CLI::Range(1'000, 10'000'000));
  app.add_flag("--json", json, "accepted for evenness: there is no other output");
  CLI11_PARSE(app, argc, argv);
  evoke::bench::print({{"tool", "evoke-bench-actors"}, {"count", count}, {"bytes_each", bytes_each(count)}});
  return 0;
}
