#pragma once

#include <evoke/detail/typed_definition.hpp>
#include <evoke/ids.hpp>
#include <evoke/json/text.hpp>
#include <evoke/time.hpp>

#include <boost/describe.hpp>

#include <chrono>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// What react() answers: the commands that a process gives to other aggregates, how each is undone, wake-ups, and its end.
namespace evoke {

/// A command to one aggregate, by name: how it is stored and sent.
struct command_order {
  std::string aggregate_type{};
  std::string aggregate_id{};
  std::string command{};
  json::text body{};

  friend bool operator==(command_order const&, command_order const&) = default;
};
BOOST_DESCRIBE_STRUCT(command_order, (), (aggregate_type, aggregate_id, command, body))

/// `evoke::to<payment>("customer-7", authorize_payment{...})`. The names come from the description of State.
/// Throws std::invalid_argument when the command cannot be written as JSON, e.g. for text that is not UTF-8.
template <class State, class Command>
[[nodiscard]] command_order to(std::string id, Command const& command) {
  using commands = typename detail::checked<State>::commands;
  static_cast<void>(detail::listed_command<State, commands, Command>{});
  auto const described = detail::checked<State>::describe();
  auto body = json::encode(command);
  if (!body) throw std::invalid_argument(body.error().message);
  return {std::string(described.name()), std::move(id), std::string(described.command_names()[detail::index_of<commands, Command>]),
          json::text{std::move(*body)}};
}

/// A command that a process gives, under a name of its own, and the command that undoes it.
struct step_order {
  std::string step{};
  command_order what{};
  std::optional<command_order> undo{};
  std::chrono::milliseconds within{0};  ///< 0 = process_settings::step_deadline
};

/// Built by calls one behind the other:
///
///     return evoke::reaction{}
///         .execute("process_payment", evoke::to<payment>(state.customer_id, authorize_payment{...}))
///         .undo(evoke::to<payment>(state.customer_id, refund_payment{...}));
///
/// Steps of one reaction run side by side; what must come after another is ordered when that one has succeeded. An empty reaction
/// changes the state only.
class reaction {
 public:
  enum class ending : std::uint8_t { none, complete, compensate };

  /// Gives the command once in effect, whatever crashes. @param step names it in outcomes, listings and the process's history.
  reaction& execute(std::string step, command_order what) {
    steps_.push_back({std::move(step), std::move(what), {}, {}});
    return *this;
  }
  /// Undoes the step just ordered, should the process fail later. It must be acceptable before, after and without what it undoes, and bar a
  /// later one: a step that timed out is undone, too. Throws std::logic_error where no step was ordered.
  reaction& undo(command_order how) {
    last().undo = std::move(how);
    return *this;
  }
  /// Another way to undo the newest step of that name, now that more is known of it. Nothing happens where there is none, or it has been
  /// undone.
  reaction& undo_of(std::string step, command_order how) {
    undos_.emplace_back(std::move(step), std::move(how));
    return *this;
  }
  /// How long the step just ordered is tried; beyond, it counts as perhaps done. Throws std::logic_error where no step was ordered.
  reaction& within(std::chrono::milliseconds time) {
    last().within = time;
    return *this;
  }

  /// Reacts to timer_due{name} at or after `due`; the same name again moves it.
  reaction& set_timer(std::string name, timestamp due) {
    timers_.push_back({std::move(name), due});
    return *this;
  }
  reaction& cancel_timer(std::string name) {
    timers_.push_back({std::move(name), std::nullopt});
    return *this;
  }

  /// The process is over once its open steps have succeeded. Its timers are cancelled; later events find it ended.
  reaction& complete() {
    ending_ = ending::complete;
    return *this;
  }
  /// The process failed: once its open steps have ended, those done or perhaps done are undone in reverse order.
  reaction& compensate(std::string reason) {
    ending_ = ending::compensate;
    reason_ = std::move(reason);
    return *this;
  }

  struct timer_order {
    std::string name;
    std::optional<timestamp> due;  ///< none: cancelled
  };

  [[nodiscard]] std::vector<step_order> const& steps() const noexcept { return steps_; }
  [[nodiscard]] std::vector<std::pair<std::string, command_order>> const& undos() const noexcept { return undos_; }
  [[nodiscard]] std::vector<timer_order> const& timers() const noexcept { return timers_; }
  [[nodiscard]] ending end() const noexcept { return ending_; }
  [[nodiscard]] std::string const& reason() const noexcept { return reason_; }

 private:
  step_order& last() {
    if (steps_.empty()) throw std::logic_error("evoke: undo() and within() speak of the step ordered before them, and there is none");
    return steps_.back();
  }

  std::vector<step_order> steps_;
  std::vector<std::pair<std::string, command_order>> undos_;
  std::vector<timer_order> timers_;
  ending ending_ = ending::none;
  std::string reason_;
};

}  // namespace evoke
