#pragma once

#include <evoke/options.hpp>

#include <cstdint>
#include <functional>
#include <string_view>

#include "persistence/journal.hpp"
#include "persistence/journal_writer.hpp"

namespace evoke::actors {

/// Runs work that may block (reads from disk) on threads of its own, bounded.
class background {
 public:
  virtual ~background() = default;
  /// For recoveries and look-ups of accepted commands: bounded by max_open_commands, never refused while the pool runs.
  virtual void submit(std::move_only_function<void()> task) = 0;
};

/// Where answers are given: each caller hears on the worker that asked.
class answer_port {
 public:
  virtual ~answer_port() = default;
  /// At once when this thread is that worker, else soon on it.
  virtual void run_on(std::size_t worker, std::move_only_function<void()> task) = 0;
};

/// Randomness, handed in. Any thread.
class entropy {
 public:
  virtual ~entropy() = default;
  virtual std::uint64_t next() noexcept = 0;
};

/// All that an aggregate's life may use of the world. Outlives every actor.
struct services {
  persistence::journal& store;
  persistence::commit_port& writer;
  background& pool;
  answer_port& answers;
  clock const& time;
  entropy& random;
  evoke::limits limits;
  log_sink log;
  /// Whether a worker itself recovers what is short and in memory; false: only what is new, the rest is `pool`'s.
  bool fold_in_memory = true;

  void say(log_level level, std::string_view text) const {
    if (log) log(level, text);
  }
};

}  // namespace evoke::actors
