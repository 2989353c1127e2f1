#pragma once

#include <evoke/process_definition.hpp>

#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "model/event_views.hpp"
#include "model/process_events.hpp"

/// One instance of a process as a plain state machine: from what happened to what is recorded. No thread, no clock, no store.
///
/// Invariants:
///  1. what react() answered is an event before anything is done about it; nothing ever asks react() again for the same trigger;
///  2. an event at or below the instance's last position changes nothing, nor does the second end of a step or an undo;
///  3. undoing begins when no step is open, goes backwards, one at a time, and past what cannot be undone;
///  4. an instance that has ended stays as it is.
namespace evoke::detail {

/// An event of the log that belongs to this instance; several where a stored one is several today, which are handled as one.
struct process_arrival {
  struct part {
    std::shared_ptr<recorded_event const> event{};
    bool starts = false;
  };
  std::vector<part> parts{};
};
/// How a step, or its undoing, ended.
struct process_step_end {
  std::uint32_t number = 0;
  bool undoing = false;
  step_outcome outcome = step_outcome::succeeded;
  std::string code{};
  std::string message{};
  std::string details{};
  std::uint64_t version = 0;          ///< of the aggregate, where it succeeded
  std::vector<std::string> events{};  ///< names, where it succeeded
  std::string last_event_id{};        ///< of these, where there are any
  std::string correlation_id{};       ///< of the instance
};
struct process_timer_fired {
  std::string name{};
};
/// Changes nothing; asks what is due.
struct process_look {};
struct process_retry {};
struct process_close {
  std::string reason{};
};

using process_message = std::variant<process_arrival, process_step_end, process_timer_fired, process_look, process_retry, process_close>;

/// Key of a command that a process gives, in the target's `commands`: derived, so that giving it again is known to be the same.
[[nodiscard]] std::string process_command_key(std::string_view process, std::string_view instance, process_step const& step, bool undoing);

/// What a message leads to.
struct process_decision {
  std::vector<process_event> events{};
  std::vector<timer_change> timers{};
  process_instance after{};
  std::vector<forgotten_command> forget{};  ///< outcomes that are recorded now
};

/// Pure but for what the user's react() is. @param exists the instance's stream has events.
/// @returns a rejection for what a person asked at the wrong time; a failure where state or event do not read, or react() broke a rule.
/// What react() throws passes through.
[[nodiscard]] result<std::variant<process_decision, rejection>> decide_process(process_definition const& definition,
                                                                               process_instance const& instance, bool exists,
                                                                               process_message const& message, context const& given);

}  // namespace evoke::detail
