#include "bench/micro/subjects.hpp"

#include <cstdint>
#include <exception>

namespace evoke::bench {

benchmark::internal::Benchmark* micro_benchmarks::add(std::string const& name, body measured) {
  // Google Benchmark lets an exception end the program, past all that would be tidied up.
  return benchmark::RegisterBenchmark(name.c_str(), [this, measured = std::move(measured)](benchmark::State& run) {
    try {
      measured(run);
    } catch (std::exception const& thrown) {
      failed_ = true;
      run.SkipWithError(thrown.what());
    }
  });
}

void bytes_each(benchmark::State& run, std::size_t bytes) {
  run.SetBytesProcessed(run.iterations() * static_cast<std::int64_t>(bytes));
}

void items_each(benchmark::State& run, std::size_t items) {
  run.SetItemsProcessed(run.iterations() * static_cast<std::int64_t>(items));
}

}  // namespace evoke::bench
