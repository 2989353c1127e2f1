#include "runtime/metrics.hpp"

#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>

#include <algorithm>
#include <initializer_list>
#include <string_view>
#include <utility>

#include "runtime/runtime_core.hpp"

namespace evoke {
namespace detail {
namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;

double seconds(std::chrono::nanoseconds time) {
  return std::chrono::duration<double>(time).count();
}

double number(std::uint64_t value) {
  return static_cast<double>(value);
}

/// The families in the order they are asked for; one that is asked for again gets another member.
class page {
 public:
  using labels = std::initializer_list<std::pair<std::string_view, std::string_view>>;

  void counter(std::string_view name, std::string_view help, double value, labels with = {}) {
    add(name, help, MetricType::Counter, with).counter.value = value;
  }
  void gauge(std::string_view name, std::string_view help, double value, labels with = {}) {
    add(name, help, MetricType::Gauge, with).gauge.value = value;
  }
  void histogram(std::string_view name, std::string_view help, duration_histogram::reading const& of) {
    auto& into = add(name, help, MetricType::Histogram, {}).histogram;
    into.sample_sum = seconds(of.sum);
    for (std::size_t i = 0; i < of.counts.size(); ++i) {
      into.sample_count += of.counts[i];
      if (i < duration_histogram::bounds.size()) into.bucket.push_back({into.sample_count, seconds(duration_histogram::bounds[i])});
    }
  }

  [[nodiscard]] std::string text() const { return prometheus::TextSerializer().Serialize(families_); }

 private:
  ClientMetric& add(std::string_view name, std::string_view help, MetricType type, labels with) {
    auto found = std::ranges::find(families_, name, &MetricFamily::name);
    if (found == families_.end()) {
      MetricFamily made;
      made.name = name;
      made.help = help;
      made.type = type;
      found = families_.insert(families_.end(), std::move(made));
    }
    auto& metric = found->metric.emplace_back();
    for (auto const& [label, value] : with) metric.label.push_back({std::string(label), std::string(value)});
    return metric;
  }

  std::vector<MetricFamily> families_;
};

void add_commands(metrics_reading const& now, page& out) {
  for (std::size_t i = 0; i < now.commands.ends.size(); ++i)
    out.counter("evoke_commands_total", "Commands that were accepted for an aggregate, by how they ended.", number(now.commands.ends[i]),
                {{"outcome", actors::command_outcome_names[i]}});
  out.histogram("evoke_command_duration_seconds", "From a command's acceptance to its answer, durable in the runtime's mode.",
                now.commands.took);
  out.gauge("evoke_open_commands", "Commands that are accepted and not answered yet.", number(now.info.open_commands));
  out.gauge("evoke_resident_aggregates", "Aggregates in memory.", number(now.info.resident_aggregates));
}

void add_journal(metrics_reading const& now, page& out) {
  out.histogram("evoke_commit_duration_seconds", "One commit of a group, its sync included.", now.commits);
  out.histogram("evoke_sync_duration_seconds", "What of a commit was waiting for the disk. Empty in os mode.", now.syncs);
  out.counter("evoke_committed_events_total", "Events that were stored.", number(now.committed_events));
  out.counter("evoke_failed_commits_total", "Groups that were not stored.", number(now.failed_commits));
  out.gauge("evoke_journal_head_position", "Position of the last durable event.", number(now.info.head.value()));
  out.gauge("evoke_journal_writable", "1 while the journal takes writes, 0 after one failed, until a restart.",
            now.health.journal_writable ? 1 : 0);
  for (auto const& [store, held] : {std::pair("journal", now.journal_memory), std::pair("read_models", now.read_model_memory)}) {
    constexpr auto help = "What the storage engines hold in memory; both parts are bounded by options.";
    out.gauge("evoke_storage_memory_bytes", help, number(held.write_buffers), {{"store", store}, {"part", "write_buffers"}});
    out.gauge("evoke_storage_memory_bytes", help, number(held.block_cache), {{"store", store}, {"part", "block_cache"}});
  }
  out.gauge("evoke_draining", "1 while the runtime stops.", now.health.draining ? 1 : 0);
}

void add_projections(metrics_reading const& now, page& out) {
  for (auto const& each : now.projections) {
    page::labels const label{{"projection", each.name}};
    out.gauge("evoke_projection_checkpoint_position", "Everything up to here is in the read model.", number(each.checkpoint.value()),
              label);
    out.gauge("evoke_projection_lag_events", "Positions between the checkpoint and the head of the log.", number(each.lag_events), label);
    out.gauge("evoke_projection_lag_seconds", "Age of the first event that is not in the read model, 0 when there is none.",
              seconds(each.lag), label);
    out.gauge("evoke_projection_dead_letters", "Events put aside because they, or one before them, could not be projected.",
              number(each.dead_letters), label);
    out.gauge("evoke_projection_blocked_aggregates", "Aggregates whose events are put aside.", number(each.blocked_aggregates), label);
    out.gauge("evoke_projection_stopped", "1 while the projection is stopped by an event it cannot handle.",
              each.phase == projection_phase::stopped ? 1 : 0, label);
    out.gauge("evoke_projection_rebuilding", "1 while a new generation is filled.", each.rebuild ? 1 : 0, label);
  }
}

void add_subscriptions(metrics_reading const& now, page& out) {
  out.gauge("evoke_subscriptions", "Open subscriptions, live feeds included.", number(now.open_subscriptions));
  auto const head = now.info.head;
  for (auto const& each : now.subscriptions) {
    page::labels const label{{"subscription", each.name}};
    out.gauge("evoke_persistent_subscription_lag_events", "Positions between the checkpoint and the head of the log.",
              number(head.value() - std::min(head, each.checkpoint).value()), label);
    out.gauge("evoke_persistent_subscription_parked_events", "Events that wait for a person.", number(each.parked), label);
  }
}

void add_processes(metrics_reading const& now, page& out) {
  for (auto const& each : now.processes) {
    page::labels const label{{"process", each.name}};
    out.gauge("evoke_process_lag_events", "Positions between what the process has handled and the head of the log.",
              number(each.lag_events), label);
    out.gauge("evoke_process_busy_instances", "Instances with something on its way.", number(each.busy_instances), label);
    out.gauge("evoke_process_blocked_instances", "Instances that cannot handle an event and wait for a person.",
              number(each.blocked_instances), label);
    out.gauge("evoke_process_failed_compensations", "Instances that could not undo something and wait for a person.",
              number(each.stuck_instances), label);
    out.gauge("evoke_process_halted", "1 while the process stands before an event whose instance it cannot tell.", each.halted ? 1 : 0,
              label);
    out.counter("evoke_process_events_total", "Events that were brought to instances.", number(each.events_handled), label);
    out.counter("evoke_process_steps_total", "Steps that were begun, undos included.", number(each.steps_started), label);
    out.counter("evoke_process_step_retries_total", "Attempts at steps beyond the first.", number(each.steps_retried), label);
  }
}

void add_timers(metrics_reading const& now, page& out) {
  out.gauge("evoke_timers_pending", "Timers that are set: an estimate of those from before the start, exact for what came and went since.",
            number(now.timers_pending));
  out.gauge("evoke_timers_near", "Timers in memory: due soon, fired and not done, or failing.", number(now.timers.near));
  out.gauge("evoke_timers_failing", "Timers that fired, failed, and are tried again.", number(now.timers.failing));
  out.counter("evoke_timers_fired_total", "Timers that fired, once in effect each; also those whose command was rejected.",
              number(now.timers.fired));
  out.gauge("evoke_timer_lag_seconds", "How late the oldest timer is that is due and not done, 0 when there is none.",
            seconds(now.timers.lag));
}

}  // namespace

std::string render_metrics(metrics_reading const& now) {
  page out;
  add_commands(now, out);
  add_journal(now, out);
  add_projections(now, out);
  add_subscriptions(now, out);
  add_processes(now, out);
  add_timers(now, out);
  return out.text();
}

}  // namespace detail

void runtime_core::metrics(callback<std::string> done) {
  projections_.all([this, done = std::move(done)](result<std::vector<projection_status>> all) mutable {
    detail::metrics_reading now;
    if (all) now.projections = std::move(*all);
    now.commands = meter_.read();
    now.commits = writer_.meter().commits.read();
    now.syncs = writer_.meter().syncs.read();
    now.committed_events = writer_.meter().events.load(std::memory_order_relaxed);
    now.failed_commits = writer_.meter().failures.load(std::memory_order_relaxed);
    now.journal_memory = store_->memory();
    now.read_model_memory = projections_.memory();
    now.info = info();
    now.health = health();
    now.open_subscriptions = subscribers_->size();
    now.subscriptions = consumers_.sum_up();
    now.timers = timers_->read();
    now.timers_pending = store_->timers_pending();
    processes_.all([now = std::move(now), done = std::move(done)](result<std::vector<process_summary>> summaries) mutable {
      if (summaries) now.processes = std::move(*summaries);
      done(detail::render_metrics(now));
    });
  });
}

}  // namespace evoke
