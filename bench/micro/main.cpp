#include "bench/micro/subjects.hpp"

#include <cstdio>

int main(int argc, char** argv) {
  using namespace evoke::bench;
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  micro_benchmarks all;
  // Those that keep a store open, and its threads, come last.
  for (auto* const add : {add_codec, add_decide_evolve, add_router, add_json, add_mailbox, add_group_commit, add_recovery, add_key_lookup})
    add(all);
  auto const run = benchmark::RunSpecifiedBenchmarks();
  benchmark::ClearRegisteredBenchmarks();  // and with them the stores that they have shared
  benchmark::Shutdown();
  if (run > 0 && !all.failed()) return 0;
  std::fputs("evoke-bench-micro: not everything was measured\n", stderr);
  return 1;
}
