#pragma once

#include <evoke/processes.hpp>
#include <evoke/read_model.hpp>
#include <evoke/runtime.hpp>

#include <string>
#include <vector>

#include "actors/command_meter.hpp"
#include "persistence/journal_writer.hpp"
#include "runtime/persistent_subscription_set.hpp"
#include "runtime/timer_service.hpp"

namespace evoke::detail {

/// Everything that /metrics tells, of one moment.
struct metrics_reading {
  actors::command_meter::reading commands;
  duration_histogram::reading commits;
  duration_histogram::reading syncs;
  std::uint64_t committed_events = 0;
  std::uint64_t failed_commits = 0;
  persistence::storage_memory journal_memory;
  persistence::storage_memory read_model_memory;
  runtime_info info;
  runtime_health health;
  std::uint64_t open_subscriptions = 0;
  std::vector<projection_status> projections;
  std::vector<persistent_subscription_set::totals> subscriptions;
  std::vector<process_summary> processes;
  timer_service::reading timers;
  std::uint64_t timers_pending = 0;
};

/// In Prometheus's text format (version 0.0.4). Names: prefix evoke_, base units, _total on counters; never an aggregate id in a label.
[[nodiscard]] std::string render_metrics(metrics_reading const& now);

}  // namespace evoke::detail
