#include <CLI/CLI.hpp>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>

#include "bench/embedded/callers.hpp"
#include "bench/embedded/sync_clock.hpp"
#include "bench/measure/cart_runtime.hpp"

/// The library in this process: closed loop of single commands or of calls of many, commands at a constant rate, or the first command on
/// aggregates that are not in memory.
namespace {

namespace fs = std::filesystem;
using namespace evoke;
using namespace evoke::bench;

nlohmann::json run_load(runtime_options const& options, load_settings const& with) {
  auto const on = start_with_carts(options);
  create_carts(*on, with.keys);
  auto const before = on->info().head.value();
  auto const cpu = cpu_seconds();
  auto const syncs = synced_so_far();
  constexpr double most_a_second = 500'000;
  ended into(static_cast<std::size_t>(most_a_second * with.seconds));
  window const measured(with.warm_up, with.seconds);
  std::uint64_t unsent = 0;
  if (with.rate > 0)
    unsent = open_loop(*on, with, measured, into);
  else
    closed_loop(*on, with, measured, into);
  auto const spent = cpu_seconds() - cpu;
  auto const stored = on->info().head.value() - before;
  auto const groups = synced_so_far().calls - syncs.calls;
  on->stop(std::chrono::seconds(30));
  auto took = into.took();
  auto const all = into.accepted_in_all();
  return {{"per_second", static_cast<double>(into.in_time()) / with.seconds},
          {"acknowledged", all},
          {"stored", stored},
          {"unsent", unsent},
          {"refused", into.refused_in_all()},
          {"syncs", groups},
          {"events_a_sync", groups > 0 ? static_cast<double>(stored) / static_cast<double>(groups) : 0.0},
          {"cpu_us", spent * 1e6 / static_cast<double>(std::max<std::uint64_t>(all, 1))},
          {"latency_us", took.summary()}};
}

/// Carts of so many events each, written without sync; then the runtime is started anew, and each gets one command, one after the other.
nlohmann::json run_first_commands(runtime_options options, std::size_t count, std::size_t events, std::size_t payload) {
  auto const wanted = options.durability;
  options.durability = durability::os;
  {
    auto const on = start_with_carts(options);
    create_carts(*on, count);
    for (std::size_t i = 0; i < count; ++i) {
      for (std::size_t k = 1; k + 1 < events; ++k) on->of<carts::cart>(cart_id(i)).execute(item(payload), [](command_result const&) {});
      if (auto const end = on->of<carts::cart>(cart_id(i)).execute(item(payload)).get(); !end.accepted())
        throw std::runtime_error("not all events could be written");
    }
    on->stop(std::chrono::seconds(30));
  }
  options.durability = wanted;
  auto const on = start_with_carts(options);
  auto const before = on->info().head.value();
  latencies whole;
  latencies without_sync;
  latencies syncs;
  std::size_t const warm_up = count / 10;
  for (std::size_t i = 0; i < count; ++i) {
    auto const synced = synced_so_far();
    auto const begun = steady::now();
    auto const end = on->of<carts::cart>(cart_id(i)).execute(item(payload)).get();
    auto const took = steady::now() - begun;
    auto const sync = synced_so_far().time - synced.time;
    if (!end.accepted()) throw std::runtime_error("a first command was refused");
    if (i < warm_up) continue;
    whole.add(took);
    syncs.add(sync);
    without_sync.add(took - sync);
  }
  auto const stored = on->info().head.value() - before;
  on->stop(std::chrono::seconds(30));
  return {{"acknowledged", count},
          {"stored", stored},
          {"events_each", events},
          {"latency_us", whole.summary()},
          {"without_sync_us", without_sync.summary()},
          {"sync_us", syncs.summary()}};
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"evoke in this process"};
  load_settings with;
  std::string data = (fs::temp_directory_path() / "evoke-bench-embedded").string();
  std::string how = "disk";
  std::size_t first_commands = 0;
  std::size_t events_each = 50;
  std::uint32_t max_open = 0;
  int processor = -1;
  bool json = false;
  bool keep = false;
  app.add_option("--data", data, "directory of the store; emptied");
  app.add_option("--durability", how, "disk or os")->check(CLI::IsMember({"disk", "os"}));
  app.add_option("--callers", with.callers, "calls open at once")->check(CLI::Range(1, 10'000));
  app.add_option("--batch", with.batch, "commands a call")->check(CLI::Range(1, 10'000));
  app.add_option("--rate", with.rate, "commands a second, however many are open; 0 = closed loop");
  app.add_option("--max-open", max_open, "commands beyond which new ones are refused; 0 = the library's own limit");
  app.add_option("--keys", with.keys, "carts, drawn evenly")->check(CLI::PositiveNumber);
  app.add_option("--payload", with.payload, "bytes added to each command");
  app.add_option("--seconds", with.seconds, "measured time");
  app.add_option("--warmup", with.warm_up, "seconds before it");
  app.add_option("--first-commands", first_commands, "instead: the first command on so many carts that are not in memory");
  app.add_option("--events-each", events_each, "events of each of these")->check(CLI::Range(2, 1'000'000));
  app.add_option("--processor", processor, "to run on");
  app.add_flag("--keep", keep, "leave the store there");
  app.add_flag("--json", json, "accepted for evenness: there is no other output");
  CLI11_PARSE(app, argc, argv);
  try {
    run_on(processor);
    fs::remove_all(data);
    runtime_options options;
    options.data = data;
    options.durability = how == "disk" ? durability::disk : durability::os;
    if (max_open > 0) options.limits.max_open_commands = max_open;
    auto told = first_commands > 0 ? run_first_commands(options, first_commands, events_each, with.payload) : run_load(options, with);
    told["tool"] = "evoke-bench-embedded";
    if (!keep) fs::remove_all(data);
    print(told);
  } catch (std::exception const& failed) {
    std::fprintf(stderr, "evoke-bench-embedded: %s\n", failed.what());
    return 1;
  }
  return 0;
}
