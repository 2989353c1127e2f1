#pragma once

#include <evoke/time.hpp>

#include <boost/describe.hpp>

#include <cstdint>
#include <string>
#include <vector>

/// What a process reacts to besides the events of aggregates: how its own steps ended. A react() for any of these is optional.
namespace evoke {

/// How a step, or its undoing, ended.
enum class step_outcome : std::uint8_t {
  succeeded,  ///< the command was accepted and is durable
  rejected,   ///< the aggregate said no: nothing was done
  failed,     ///< it cannot be carried out (unknown type or command, a limit, user code that throws): nothing was done
  timed_out,  ///< not known within its time: perhaps done
};
BOOST_DESCRIBE_ENUM(step_outcome, succeeded, rejected, failed, timed_out)

/// A step's command was accepted and is durable. Without a react() for it nothing follows.
struct step_succeeded {
  std::string step{};
  std::string aggregate_type{};
  std::string aggregate_id{};
  std::uint64_t version = 0;          ///< of that aggregate after it
  std::vector<std::string> events{};  ///< names of what the command led to, in order; empty when it changed nothing
};

/// A step did not succeed. Without a react() for it the process compensates.
struct step_failed {
  std::string step{};
  step_outcome outcome = step_outcome::failed;
  std::string code{};     ///< of the rejection or the failure
  std::string message{};  ///< for people
  std::string details{};  ///< of the rejection: a JSON object as text, or empty
};

/// A timer that the process set.
struct timer_due {
  std::string name{};
};

/// The process begins to undo what it did. For the state only: what a react() to it orders is refused.
struct compensation_started {
  std::string reason{};
};

/// Nothing is left to undo, or could not be undone. For the state only.
struct compensation_ended {
  bool complete = true;               ///< false: `failed` wait for a person
  std::vector<std::string> failed{};  ///< names of the steps that could not be undone
};

/// The process has ended well. For the state only.
struct process_completed {};

}  // namespace evoke
