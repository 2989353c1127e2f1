#pragma once

#include <evoke/ids.hpp>
#include <evoke/json/text.hpp>
#include <evoke/reaction.hpp>
#include <evoke/time.hpp>

#include <boost/describe.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/// One instance of a process manager as it is stored and shown: the fold of its stream, whatever the process.
namespace evoke {

enum class process_status : std::uint8_t {
  running,
  completed,            ///< ended well
  compensating,         ///< undoing what it did, latest first
  failed,               ///< all that was done is undone
  compensation_failed,  ///< something could not be undone: a person retries or closes it
  closed,               ///< ended by a person
};
BOOST_DESCRIBE_ENUM(process_status, running, completed, compensating, failed, compensation_failed, closed)

enum class step_status : std::uint8_t {
  pending,  ///< ordered; its end is not known yet
  succeeded,
  rejected,   ///< nothing was done
  failed,     ///< nothing was done
  timed_out,  ///< perhaps done
  undone,
  undo_failed,  ///< rejected, failed or not known within its time
};
BOOST_DESCRIBE_ENUM(step_status, pending, succeeded, rejected, failed, timed_out, undone, undo_failed)

struct process_step {
  std::uint32_t number = 0;  ///< within the instance, from 1
  std::string step{};        ///< its name
  step_status status = step_status::pending;
  command_order what{};
  std::optional<command_order> undo{};
  std::int64_t within_ms = 0;
  timestamp ordered_at{};
  std::string cause{};              ///< id of the event it follows from: its command's causation
  std::uint32_t undo_attempts = 0;  ///< by persons, after it could not be undone
  std::optional<std::string> code{};
  std::optional<std::string> message{};  ///< of the rejection or failure, of the do or the undo

  friend bool operator==(process_step const&, process_step const&) = default;
};
BOOST_DESCRIBE_STRUCT(process_step, (), (number, step, status, what, undo, within_ms, ordered_at, cause, undo_attempts, code, message))

struct process_timer {
  std::string name{};
  timestamp due{};

  friend bool operator==(process_timer const&, process_timer const&) = default;
};
BOOST_DESCRIBE_STRUCT(process_timer, (), (name, due))

struct process_instance {
  process_status status = process_status::running;
  bool completing = false;          ///< complete() was asked for; open steps are awaited
  json::text state{};               ///< the user's, as JSON
  evoke::position last_position{};  ///< of the last event it handled; earlier ones are skipped
  std::string correlation_id{};     ///< of the event that started it: its commands carry it
  timestamp started_at{};
  timestamp changed_at{};
  std::optional<std::string> reason{};  ///< why it compensates, or was closed
  std::uint32_t steps_ordered = 0;      ///< in all
  std::vector<process_step> steps{};    ///< in the order of their numbers; old ones that ended and cannot be undone are dropped
  std::vector<process_timer> timers{};  ///< that are set

  friend bool operator==(process_instance const&, process_instance const&) = default;

  [[nodiscard]] bool ended() const noexcept {
    return status == process_status::completed || status == process_status::failed || status == process_status::closed;
  }
};
BOOST_DESCRIBE_STRUCT(process_instance, (),
                      (status, completing, state, last_position, correlation_id, started_at, changed_at, reason, steps_ordered, steps,
                       timers))

}  // namespace evoke
