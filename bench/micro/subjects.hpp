#pragma once

#include <benchmark/benchmark.h>

#include <cstddef>
#include <functional>
#include <stdexcept>
#include <string>
#include <utility>

#include "bench/measure/must.hpp"

namespace evoke::bench {

/// The benchmarks of this program, and whether each gave its figure. Must outlive their run. One thread.
class micro_benchmarks {
 public:
  using body = std::function<void(benchmark::State&)>;

  /// @param name "subject/what". A body that throws gives no figure. What it owns goes when the benchmarks are cleared.
  /// @returns what Google Benchmark keeps of it, for its settings.
  benchmark::internal::Benchmark* add(std::string const& name, body measured);

  /// Whether a body has thrown.
  [[nodiscard]] bool failed() const noexcept { return failed_; }

 private:
  bool failed_ = false;
};

/// What one iteration handled.
void bytes_each(benchmark::State& run, std::size_t bytes);
void items_each(benchmark::State& run, std::size_t items);

/// -- the subjects, one file each
void add_codec(micro_benchmarks& to);
void add_decide_evolve(micro_benchmarks& to);
void add_mailbox(micro_benchmarks& to);
void add_group_commit(micro_benchmarks& to);
void add_recovery(micro_benchmarks& to);
void add_key_lookup(micro_benchmarks& to);
void add_router(micro_benchmarks& to);
void add_json(micro_benchmarks& to);

}  // namespace evoke::bench
