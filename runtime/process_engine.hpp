#pragma once

#include <evoke/command.hpp>
#include <evoke/options.hpp>
#include <evoke/process_definition.hpp>

#include <chrono>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "model/process_aggregate.hpp"
#include "persistence/journal.hpp"

namespace evoke::detail {

/// What the engine asks of the world. None of these calls back before it returns; the engine's members are called with the ends, later.
class process_world {
 public:
  virtual ~process_world() = default;
  /// A message to an instance; ends in process_engine::answered with the same id.
  virtual void send(std::string const& instance, process_delivery delivery, metadata meta) = 0;
  /// A step's command; ends in process_engine::carried_out with the same ticket.
  virtual void carry_out(std::uint64_t ticket, command_request request) = 0;
  /// What a stored event is today: itself as a rule. @returns corrupt, user_code_failed.
  [[nodiscard]] virtual result<std::vector<std::shared_ptr<recorded_event const>>> today(projected_event const& stored) const = 0;
  /// Never goes back.
  [[nodiscard]] virtual std::chrono::nanoseconds steady() const = 0;
  [[nodiscard]] virtual timestamp now() const = 0;
  /// Rows of row_space::processes. A failure is said and tried again with the next.
  virtual result<void> write_rows(std::vector<persistence::row_change> rows, bool synced) = 0;
  virtual result<void> scan_rows(std::string const& prefix, persistence::row_visitor const& visit) = 0;
  /// Visits the followed events behind `after` up to `to`.
  virtual result<void> read_again(position after, position to, std::function<void(projected_event const&)> const& visit) = 0;
  virtual void say(log_level level, std::string_view text) = 0;
};

/// The event that a process cannot tell the instance of.
struct process_halt {
  position at{};
  std::string why;
};

/// What a process did since it was started, and where it stands.
struct process_counts {
  std::uint64_t events_handled = 0;
  std::uint64_t steps_started = 0;
  std::uint64_t steps_retried = 0;
  std::uint64_t instances_busy = 0;     ///< with something on its way
  std::uint64_t instances_waiting = 0;  ///< to be looked at after a restart
  std::uint64_t instances_blocked = 0;
  position checkpoint{};  ///< everything up to here was handled or belongs to a blocked instance
  std::optional<process_halt> halt{};
};

/// The driving side of one process manager, as plain code: brings events to their instances in order, carries out what these decided, and
/// brings back how that ended. One thread; the clock and the store are handed in.
///
/// Invariants:
///  1. an instance has one message on its way at a time, so its answers come in the order of its decisions;
///  2. a step is carried out only when its instance said so in its latest answer, and never twice at once; its key makes a repetition after
///     a crash the same command;
///  3. the checkpoint stays below every event that its instance has not recorded, or been found blocked by, durably;
///  4. an instance that cannot handle something is blocked from there on, in a row of its own; others go on. Only an event
///     that cannot be told an instance halts the whole process.
class process_engine {
 public:
  process_engine(process_definition const& definition, process_world& world, std::size_t max_busy_instances);

  /// Reads where it stood: blocked instances, open instances, the checkpoint. @param head of the log; where `now` begins at the first
  /// start.
  [[nodiscard]] result<void> start(position head);

  /// Reads may go on behind examined(); false while too much is on its way.
  [[nodiscard]] bool wants_events() const noexcept { return !halt_ && lanes_.size() < max_busy_ && resuming_.empty(); }
  [[nodiscard]] position examined() const noexcept { return examined_; }
  /// @returns false when it cannot be said whose event it is: the process halts before it, until resume() or skip().
  bool arrived(projected_event const& event);
  /// Everything up to `at` was arrived or does not concern this process.
  void set_examined(position at) noexcept { examined_ = std::max(examined_, at); }

  void answered(std::string const& instance, command_result end);
  void carried_out(std::uint64_t ticket, command_result end);

  /// Does what is due. @returns when it wants to be called again.
  std::optional<std::chrono::nanoseconds> tick();
  /// Writes the checkpoint, if it moved.
  void save(bool synced);
  [[nodiscard]] bool saved() const { return checkpoint() == saved_; }

  /// A person's wish: what blocks the instance is tried again, then all behind it. @returns not_found where it is not blocked.
  result<void> unblock(std::string const& instance);
  /// A person's wish: the event before which the process halted is tried again, or passed over. @returns invalid_argument where it did not
  /// halt.
  result<void> resume();
  result<void> skip();

  [[nodiscard]] process_counts counts() const;

 private:
  struct item {
    std::variant<process_arrival, process_step_end, process_look> what;
  };
  /// What is going on for one instance.
  struct lane {
    std::deque<item> waiting;                            // the first is on its way while `busy`
    bool busy = false;                                   // a message is on its way
    bool paused = false;                                 // until a retry
    bool look_waits = false;                             // a process_look is in `waiting`
    unsigned attempts = 0;                               // of the first
    std::shared_ptr<process_answer> answer;              // of the message on its way
    std::set<std::pair<std::uint32_t, bool>> in_flight;  // steps, and whether they are undone
  };
  struct open_step {
    std::string instance;
    due_step what;
    std::string correlation_id;
    std::chrono::nanoseconds deadline{};
    unsigned attempts = 0;
    bool asked = false;  // a command is on its way
  };
  using agenda = std::multimap<std::chrono::nanoseconds, std::function<void()>>;

  [[nodiscard]] result<std::string> instance_of(projected_event const& event) const;
  /// What a stored event brings to whom.
  [[nodiscard]] result<std::map<std::string, process_arrival>> sort(projected_event const& stored) const;
  void put_arrival(std::string const& instance, process_arrival arrival);
  static position position_of(process_arrival const& arrival) { return arrival.parts.front().event->position; }
  void close_position(process_arrival const& arrival);
  void put(std::string const& instance, item what);
  void look(std::string const& instance);
  void send_first(std::string const& instance, lane& of);
  void taken(std::string const& instance, lane& of);
  void refused(std::string const& instance, lane& of, std::string why);
  void try_later(std::string const& instance, lane& of);
  void block(std::string const& instance, lane& of, std::string why);
  void forget_if_idle(std::string const& instance);
  void resume_more();

  void start_step(std::string const& instance, due_step step, std::string const& correlation_id);
  void ask(std::uint64_t ticket);
  void end_step(std::uint64_t ticket, process_step_end end);
  void at(std::chrono::nanoseconds when, std::function<void()> what) { agenda_.emplace(when, std::move(what)); }
  [[nodiscard]] position checkpoint() const;

  process_definition const& definition_;
  process_world& world_;
  std::size_t const max_busy_;
  std::unordered_map<std::string, lane> lanes_;
  std::map<std::uint64_t, open_step> steps_;
  std::uint64_t next_ticket_ = 1;
  agenda agenda_;
  std::deque<std::string> resuming_;
  std::unordered_map<std::string, position> blocked_;  // from which event on
  std::optional<process_halt> halt_;
  std::multiset<std::uint64_t> open_positions_;  // once for each instance that has not recorded it
  position examined_{};
  position saved_{};
  process_counts counts_;
};

}  // namespace evoke::detail
