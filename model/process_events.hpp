#pragma once

#include <evoke/process_events.hpp>
#include <evoke/process_instance.hpp>

#include <array>
#include <string_view>
#include <variant>

/// What a process's stream holds, the same for every process; stored, so names and fields only ever grow. evolve() folds it.
namespace evoke::detail {

/// What was reacted to.
struct process_cause {
  std::string kind{};  ///< "event", "step_succeeded", "step_failed", "timer_due", "compensation_started", ...
  std::optional<std::string> event_id{};
  std::optional<std::string> event_type{};
  std::optional<std::string> aggregate_type{};
  std::optional<std::string> aggregate_id{};
  std::optional<evoke::position> position{};
  std::optional<std::string> name{};  ///< of the step or timer
};
BOOST_DESCRIBE_STRUCT(process_cause, (), (kind, event_id, event_type, aggregate_type, aggregate_id, position, name))

/// Another way to undo a step that was ordered before.
struct process_undo_change {
  std::uint32_t number = 0;
  command_order undo{};
};
BOOST_DESCRIBE_STRUCT(process_undo_change, (), (number, undo))

struct process_reacted {
  process_cause cause{};
  timestamp at{};
  std::optional<std::string> correlation_id{};  ///< of the event that started the instance; in its first event only
  json::text state{};                           ///< after it
  std::vector<process_step> steps{};            ///< ordered by it
  std::vector<process_undo_change> undos{};
  std::vector<process_timer> timers{};  ///< set by it
  std::vector<std::string> cancelled_timers{};
  bool completes = false;
};
BOOST_DESCRIBE_STRUCT(process_reacted, (), (cause, at, correlation_id, state, steps, undos, timers, cancelled_timers, completes))

struct process_timer_was_due {
  std::string name{};
  timestamp at{};
};
BOOST_DESCRIBE_STRUCT(process_timer_was_due, (), (name, at))

struct process_step_ended {
  std::uint32_t number = 0;
  std::string step{};
  step_outcome outcome = step_outcome::succeeded;
  timestamp at{};
  std::optional<std::string> code{};
  std::optional<std::string> message{};
};
BOOST_DESCRIBE_STRUCT(process_step_ended, (), (number, step, outcome, at, code, message))

struct process_compensation_started {
  std::string reason{};
  timestamp at{};
};
BOOST_DESCRIBE_STRUCT(process_compensation_started, (), (reason, at))

struct process_undo_ended {
  std::uint32_t number = 0;
  std::string step{};
  step_outcome outcome = step_outcome::succeeded;
  timestamp at{};
  std::optional<std::string> code{};
  std::optional<std::string> message{};
};
BOOST_DESCRIBE_STRUCT(process_undo_ended, (), (number, step, outcome, at, code, message))

struct process_compensation_ended {
  std::vector<std::string> failed{};  ///< steps that could not be undone
  timestamp at{};
};
BOOST_DESCRIBE_STRUCT(process_compensation_ended, (), (failed, at))

struct process_ended_well {
  timestamp at{};
};
BOOST_DESCRIBE_STRUCT(process_ended_well, (), (at))

/// A person asked for what could not be undone to be tried again.
struct process_undo_retried {
  timestamp at{};
};
BOOST_DESCRIBE_STRUCT(process_undo_retried, (), (at))

struct process_was_closed {
  std::string reason{};
  timestamp at{};
};
BOOST_DESCRIBE_STRUCT(process_was_closed, (), (reason, at))

using process_event =
    std::variant<process_reacted, process_step_ended, process_compensation_started, process_undo_ended, process_compensation_ended,
                 process_ended_well, process_undo_retried, process_was_closed, process_timer_was_due>;

/// Stored names, in the order of the variant.
inline constexpr std::array<std::string_view, std::variant_size_v<process_event>> process_event_names{
    "reacted",      "step_ended", "compensation_started", "undo_ended", "compensation_ended", "completed",
    "undo_retried", "closed",     "timer_fired"};

void evolve(process_instance& instance, process_event const& event);

/// A step whose command is to be carried out now, or undone: what is left to do for an instance that stays as it is.
struct due_step {
  process_step step{};
  bool undoing = false;
};
[[nodiscard]] std::vector<due_step> due_steps(process_instance const& instance);

/// Ended steps that cannot be undone are kept up to so many, for those who look.
inline constexpr std::size_t kept_process_steps = 100;

}  // namespace evoke::detail
