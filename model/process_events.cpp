#include "model/process_events.hpp"

#include <evoke/processes.hpp>

#include <algorithm>

namespace evoke::detail {
namespace {

process_step* find_step(process_instance& instance, std::uint32_t number) {
  auto const found = std::ranges::find(instance.steps, number, &process_step::number);
  return found == instance.steps.end() ? nullptr : &*found;
}

step_status status_after(step_outcome outcome) {
  switch (outcome) {
    case step_outcome::succeeded: return step_status::succeeded;
    case step_outcome::rejected: return step_status::rejected;
    case step_outcome::failed: return step_status::failed;
    case step_outcome::timed_out: return step_status::timed_out;
  }
  return step_status::failed;
}

bool may_be_undone(process_step const& step) {
  return step.undo && (step.status == step_status::succeeded || step.status == step_status::timed_out);
}

// Nobody acts on these any more.
bool is_history(process_step const& step) {
  return step.status != step_status::pending && step.status != step_status::undo_failed && !may_be_undone(step);
}

void drop_old_steps(process_instance& instance) {
  auto excess = std::ranges::count_if(instance.steps, is_history) - static_cast<std::ptrdiff_t>(kept_process_steps);
  std::erase_if(instance.steps, [&](process_step const& each) { return is_history(each) && excess-- > 0; });
}

struct folder {
  process_instance& instance;

  void operator()(process_reacted const& event) {
    if (instance.started_at == timestamp{}) instance.started_at = event.at;
    if (event.correlation_id) instance.correlation_id = *event.correlation_id;
    if (event.cause.position) instance.last_position = *event.cause.position;
    instance.changed_at = event.at;
    instance.state = event.state;
    instance.completing = instance.completing || event.completes;
    for (auto const& step : event.steps) {
      instance.steps.push_back(step);
      instance.steps_ordered = step.number;
    }
    for (auto const& change : event.undos)
      if (auto* const step = find_step(instance, change.number)) step->undo = change.undo;
    auto const forget = [&](std::string const& name) {
      std::erase_if(instance.timers, [&](process_timer const& each) { return each.name == name; });
    };
    for (auto const& name : event.cancelled_timers) forget(name);
    for (auto const& timer : event.timers) {
      forget(timer.name);
      instance.timers.push_back(timer);
    }
    drop_old_steps(instance);
  }

  void operator()(process_timer_was_due const& event) {
    instance.changed_at = event.at;
    std::erase_if(instance.timers, [&](process_timer const& each) { return each.name == event.name; });
  }

  void operator()(process_step_ended const& event) {
    instance.changed_at = event.at;
    auto* const step = find_step(instance, event.number);
    if (step == nullptr) return;
    step->status = status_after(event.outcome);
    step->code = event.code;
    step->message = event.message;
    drop_old_steps(instance);
  }

  void operator()(process_compensation_started const& event) {
    instance.changed_at = event.at;
    instance.status = process_status::compensating;
    instance.reason = event.reason;
    instance.timers.clear();
  }

  void operator()(process_undo_ended const& event) {
    instance.changed_at = event.at;
    auto* const step = find_step(instance, event.number);
    if (step == nullptr) return;
    step->status = event.outcome == step_outcome::succeeded ? step_status::undone : step_status::undo_failed;
    step->code = event.code;
    step->message = event.message;
  }

  void operator()(process_compensation_ended const& event) {
    instance.changed_at = event.at;
    instance.status = event.failed.empty() ? process_status::failed : process_status::compensation_failed;
  }

  void operator()(process_ended_well const& event) {
    instance.changed_at = event.at;
    instance.status = process_status::completed;
    instance.timers.clear();
  }

  void operator()(process_undo_retried const& event) {
    instance.changed_at = event.at;
    instance.status = process_status::compensating;
    for (auto& step : instance.steps)
      if (step.status == step_status::undo_failed) {
        step.status = step_status::timed_out;
        ++step.undo_attempts;
      }
  }

  void operator()(process_was_closed const& event) {
    instance.changed_at = event.at;
    instance.status = process_status::closed;
    instance.reason = event.reason;
    instance.timers.clear();
  }
};

}  // namespace

void evolve(process_instance& instance, process_event const& event) {
  std::visit(folder{instance}, event);
}

std::vector<due_step> due_steps(process_instance const& instance) {
  std::vector<due_step> due;
  if (instance.status != process_status::running && instance.status != process_status::compensating) return due;
  for (auto const& step : instance.steps)
    if (step.status == step_status::pending) due.push_back({step, false});
  if (instance.status == process_status::running || !due.empty()) return due;
  // One undo at a time, the latest first: what was done last may rest on what was done before.
  auto const latest = std::ranges::find_if(instance.steps.rbegin(), instance.steps.rend(), may_be_undone);
  if (latest != instance.steps.rend()) due.push_back({*latest, true});
  return due;
}

}  // namespace evoke::detail

namespace evoke {

bool settles_process(recorded_event const& event) noexcept {
  auto const& name = event.type.str();
  return name == "completed" || name == "compensation_ended" || name == "closed";
}

}  // namespace evoke
