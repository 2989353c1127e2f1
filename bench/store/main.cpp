#include <CLI/CLI.hpp>
#include <cstdio>
#include <map>
#include <stdexcept>
#include <string>

#include "bench/store/work.hpp"

int main(int argc, char** argv) {
  using namespace evoke::bench;
  CLI::App app{"Stores of any size: filled, compacted, recovered, and what they take in memory"};
  std::map<std::string, nlohmann::json (*)(store_settings const&)> const works{
      {"fill", fill}, {"count", count},   {"compact", compact},  {"recover", recover},
      {"scan", scan}, {"memory", memory}, {"resident", resident}};
  store_settings with;
  std::string what;
  int processor = -1;
  bool json = false;
  app.add_option("--do", what, "fill, count, compact, recover, scan, memory or resident")->required()->check(CLI::IsMember(works));
  app.add_option("--data", with.data, "directory of the store; fill empties it")->required();
  app.add_option("--events", with.events, "fill: in all")->check(CLI::PositiveNumber);
  app.add_option("--aggregates", with.aggregates, "that have them, evenly; the others must be told the same")->check(CLI::PositiveNumber);
  app.add_option("--payload", with.payload, "fill: bytes added to each event");
  app.add_option("--snapshot-every", with.snapshot_every, "fill: events between snapshots; 0 = none");
  app.add_option("--memory-mib", with.memory_mib, "memory, resident: of write buffers, and of the block cache")->check(CLI::PositiveNumber);
  app.add_option("--asked", with.asked, "memory: aggregates read at random");
  app.add_option("--processor", processor, "to run on");
  app.add_flag("--json", json, "accepted for evenness: there is no other output");
  CLI11_PARSE(app, argc, argv);
  try {
    run_on(processor);
    auto told = works.at(what)(with);
    told["tool"] = "evoke-bench-store";
    print(told);
  } catch (std::exception const& failed) {
    std::fprintf(stderr, "evoke-bench-store: %s\n", failed.what());
    return 1;
  }
  return 0;
}
