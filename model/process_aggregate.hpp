#pragma once

#include <evoke/definition.hpp>
#include <evoke/process_definition.hpp>

#include <memory>
#include <vector>

#include "model/process_decider.hpp"

/// A process's instances as aggregates: so their streams, snapshots, recovery, passivation, idempotency and HTTP reads are those of all
/// aggregates.
namespace evoke::detail {

/// What is due for an instance once what a message led to is durable; filled by decide(), read by the sender when it is answered.
struct process_answer {
  std::vector<due_step> due{};
  std::string correlation_id{};
};

/// An instance's message on its way. The sender keeps what `message` points to alive until it is answered.
struct process_delivery {
  process_message message;
  std::shared_ptr<process_answer> answer{};
};

[[nodiscard]] std::shared_ptr<aggregate_definition const> make_process_aggregate(std::shared_ptr<process_definition const> of);
/// A command for an aggregate made so.
[[nodiscard]] boxed_command box_delivery(process_delivery delivery);

/// Lists of instances, kept in rows that are written with the events (persistence::row_space::processes).
enum class instance_list : char {
  none = 0,
  open = 'o',     ///< running or compensating: what a restart goes on with
  stuck = 's',    ///< could not undo something
  blocked = 'b',  ///< cannot handle an event; written by the engine
};
/// Without an instance: what the keys of all of a process's instances begin with.
[[nodiscard]] std::string instance_row_key(instance_list list, std::string_view process, std::string_view instance = {});

}  // namespace evoke::detail
