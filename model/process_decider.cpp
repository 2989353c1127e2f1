#include "model/process_decider.hpp"

#include <boost/uuid/name_generator_sha1.hpp>
#include <boost/uuid/uuid_io.hpp>

#include <algorithm>
#include <utility>

#include "model/process_names.hpp"

namespace evoke::detail {
namespace {

std::optional<std::string> some(std::string_view text) {
  return text.empty() ? std::nullopt : std::optional<std::string>(text);
}

/// Collects what a message leads to; `after_` is the instance as it will be.
class decider {
 public:
  decider(process_definition const& definition, process_instance const& instance, context const& given)
      : definition_(definition), given_(given) {
    made_.after = instance;
  }

  result<void> arrive(process_arrival const& arrival, bool exists) {
    auto const before = now().last_position;
    for (auto const& part : arrival.parts) {
      if (auto done = arrive(part, exists || !made_.events.empty(), before); !done) return done;
    }
    return settle();
  }

  result<void> arrive(process_arrival::part const& part, bool exists, position last) {
    auto const event = view_of(*part.event);
    if (!exists && !part.starts) return {};
    if (event.position <= last || now().status != process_status::running || now().completing) return {};
    process_cause cause{
        "event",        event.id.str(), std::string(event.type), std::string(event.stream_type), std::string(event.stream_id),
        event.position, std::nullopt};
    cause_ = *cause.event_id;
    if (!exists) correlation_ = event.correlation_id.empty() ? std::string(event.id.str()) : std::string(event.correlation_id);
    if (auto done = react(&event, std::move(cause)); !done) return fail(std::move(done.error()));
    return {};
  }

  result<void> step_ended(process_step_end const& end) {
    auto const* const step = find(end.number);
    if (step == nullptr || now().ended()) return {};
    forget(*step, end);
    if (end.undoing) return undo_ended(*step, end);
    if (step->status != step_status::pending) return {};
    auto const ended = *step;
    cause_ = end.last_event_id.empty() ? ended.cause : end.last_event_id;
    record(process_step_ended{ended.number, ended.step, end.outcome, given_.now(), some(end.code), some(end.message)});
    if (now().status == process_status::running) {
      auto answered = end.outcome == step_outcome::succeeded ? react_to_success(ended, end) : react_to_failure(ended, end);
      if (!answered) return answered;
    }
    return settle();
  }

  result<void> fire(process_timer_fired const& timer) {
    auto const& set = now().timers;
    if (now().status != process_status::running || std::ranges::find(set, timer.name, &process_timer::name) == set.end()) return {};
    timer_due const due{timer.name};
    record(process_timer_was_due{timer.name, given_.now()});
    if (auto done = react(&due, {"timer_due", {}, {}, {}, {}, {}, timer.name}); !done) return fail(std::move(done.error()));
    return settle();
  }

  result<std::optional<rejection>> retry() {
    if (now().status != process_status::compensation_failed)
      return rejection::conflict("nothing_to_retry", "only what could not be undone can be retried");
    record(process_undo_retried{given_.now()});
    compensation_began_ = true;
    if (auto told = settle(); !told) return fail(std::move(told.error()));
    return std::nullopt;
  }

  std::optional<rejection> close(process_close const& asked, bool exists) {
    if (!exists) return rejection::not_found("no_such_instance", "there is no such instance");
    if (now().ended()) return rejection::conflict("already_ended", "this instance has ended");
    cancel_timers();
    record(process_was_closed{asked.reason, given_.now()});
    return std::nullopt;
  }

  process_decision take() { return std::move(made_); }

 private:
  [[nodiscard]] process_instance const& now() const noexcept { return made_.after; }

  process_step const* find(std::uint32_t number) const {
    auto const found = std::ranges::find(now().steps, number, &process_step::number);
    return found == now().steps.end() ? nullptr : &*found;
  }

  void record(process_event event) {
    evolve(made_.after, event);
    made_.events.push_back(std::move(event));
  }

  // An outcome that is not known may still come: its key must stay, so that a late retry cannot do it twice.
  void forget(process_step const& step, process_step_end const& end) {
    if (end.outcome == step_outcome::timed_out) return;
    auto const& target = end.undoing ? *step.undo : step.what;
    made_.forget.push_back(
        {target.aggregate_type, target.aggregate_id, process_command_key(definition_.name().str(), given_.id().str(), step, end.undoing)});
  }

  result<void> undo_ended(process_step const& step, process_step_end const& end) {
    auto const due = due_steps(now());
    if (due.size() != 1 || !due.front().undoing || due.front().step.number != step.number) {
      made_.forget.clear();
      return {};
    }
    record(process_undo_ended{step.number, step.step, end.outcome, given_.now(), some(end.code), some(end.message)});
    return settle();
  }

  result<void> react_to_success(process_step const& step, process_step_end const& end) {
    step_succeeded const happened{step.step, step.what.aggregate_type, step.what.aggregate_id, end.version, end.events};
    auto handled = react(&happened, {"step_succeeded", {}, {}, {}, {}, {}, step.step});
    return handled ? result<void>{} : fail(std::move(handled.error()));
  }

  result<void> react_to_failure(process_step const& step, process_step_end const& end) {
    step_failed const happened{step.step, end.outcome, end.code, end.message, end.details};
    auto handled = react(&happened, {"step_failed", {}, {}, {}, {}, {}, step.step});
    if (!handled) return fail(std::move(handled.error()));
    if (!*handled) compensate("step " + step.step + ": " + (end.message.empty() ? end.code : end.message));
    return {};
  }

  /// Asks react() and records its answer. @returns whether there is a react() for it.
  result<bool> react(process_trigger const& trigger, process_cause cause) {
    auto made = definition_.react(now().state.json, trigger, given_);
    if (!made) return fail(std::move(made.error()));
    if (!made->handled) return false;
    auto const& wanted = made->reaction;
    bool const for_the_state_only = now().status != process_status::running;
    if (for_the_state_only && (!wanted.steps().empty() || !wanted.timers().empty() || wanted.end() != reaction::ending::none))
      return fail({errc::user_code_failed, "react() ordered something when the process was ending: it can only change its state there"});
    if (wanted.end() == reaction::ending::compensate && !wanted.steps().empty())
      return fail({errc::user_code_failed, "react() ordered steps and compensation at once"});
    process_reacted event{
        std::move(cause), given_.now(), std::exchange(correlation_, std::nullopt), {std::move(made->state)}, {}, {}, {}, {}, {}};
    for (auto const& [step, how] : wanted.undos()) change_undo(step, how, event);
    for (auto const& step : wanted.steps()) event.steps.push_back(ordered(step, event.steps.size()));
    for (auto const& timer : wanted.timers()) set_or_cancel(timer, event);
    event.completes = wanted.end() == reaction::ending::complete || definition_.settings().ends_itself;
    if (for_the_state_only) event.completes = false;
    // What neither changes nor orders anything needs no record, unless it moves the last position.
    bool const says_something = event.cause.position || event.completes || !(event.state == now().state) || !event.steps.empty() ||
                                !event.undos.empty() || !event.timers.empty() || !event.cancelled_timers.empty();
    if (says_something) record(std::move(event));
    if (wanted.end() == reaction::ending::compensate) compensate(wanted.reason());
    return true;
  }

  void change_undo(std::string const& step, command_order const& how, process_reacted& event) const {
    auto const newest = std::find_if(now().steps.rbegin(), now().steps.rend(), [&](auto const& each) { return each.step == step; });
    if (newest != now().steps.rend()) event.undos.push_back({newest->number, how});
  }

  process_step ordered(step_order const& step, std::size_t before) const {
    auto const within = step.within.count() > 0 ? step.within : definition_.settings().step_deadline;
    return {now().steps_ordered + static_cast<std::uint32_t>(before) + 1,
            step.step,
            step_status::pending,
            step.what,
            step.undo,
            within.count(),
            given_.now(),
            cause_,
            0,
            {},
            {}};
  }

  void set_or_cancel(reaction::timer_order const& timer, process_reacted& event) {
    if (timer.due) {
      event.timers.push_back({timer.name, *timer.due});
      std::string body;
      json::writer out{body};
      out.begin_object();
      out.key("name"), out.string(timer.name);
      out.end_object();
      made_.timers.push_back({timer_change::action::set, timer.name, *timer.due, std::string(process_timer_command), std::move(body)});
    } else {
      event.cancelled_timers.push_back(timer.name);
      made_.timers.push_back({timer_change::action::cancel, timer.name, {}, {}, {}});
    }
  }

  void cancel_timers() {
    for (auto const& timer : now().timers) made_.timers.push_back({timer_change::action::cancel, timer.name, {}, {}, {}});
  }

  void compensate(std::string reason) {
    cancel_timers();
    record(process_compensation_started{std::move(reason), given_.now()});
    compensation_began_ = true;
  }

  /// What follows by itself: the end, when nothing is open any more.
  result<void> settle() {
    if (std::exchange(compensation_began_, false)) {
      compensation_started const began{now().reason.value_or("")};
      if (auto told = tell(&began, "compensation_started"); !told) return told;
    }
    if (!due_steps(now()).empty()) return {};
    if (now().status == process_status::running && now().completing) {
      cancel_timers();
      record(process_ended_well{given_.now()});
      process_completed const completed{};
      return tell(&completed, "completed");
    }
    if (now().status != process_status::compensating) return {};
    process_compensation_ended event{{}, given_.now()};
    for (auto const& step : now().steps)
      if (step.status == step_status::undo_failed) event.failed.push_back(step.step);
    compensation_ended const ended{event.failed.empty(), event.failed};
    record(std::move(event));
    return tell(&ended, "compensation_ended");
  }

  result<void> tell(process_trigger const& trigger, std::string kind) {
    auto told = react(trigger, {std::move(kind), {}, {}, {}, {}, {}, {}});
    return told ? result<void>{} : fail(std::move(told.error()));
  }

  process_definition const& definition_;
  context const& given_;
  process_decision made_;
  std::string cause_;  // id of the event that what is ordered now follows from
  std::optional<std::string> correlation_;
  bool compensation_began_ = false;
};

}  // namespace

std::string process_command_key(std::string_view process, std::string_view instance, process_step const& step, bool undoing) {
  // RFC 9562 5.5: a UUID from a name; the namespace is evoke's own, drawn once.
  static constexpr boost::uuids::uuid space{
      {0x6f, 0x1d, 0x0a, 0x52, 0x5c, 0x0e, 0x4d, 0x6b, 0x9a, 0x0b, 0x3e, 0x77, 0x1c, 0x24, 0x90, 0xd8}};
  auto name = std::string(process).append("/").append(instance).append("/").append(std::to_string(step.number));
  if (undoing) name.append("/undo/").append(std::to_string(step.undo_attempts));
  return '\x01' + boost::uuids::to_string(boost::uuids::name_generator_sha1(space)(name));
}

result<std::variant<process_decision, rejection>> decide_process(process_definition const& definition, process_instance const& instance,
                                                                 bool exists, process_message const& message, context const& given) {
  decider making(definition, instance, given);
  std::optional<rejection> refused;
  auto const done = std::visit(
      [&]<class Message>(Message const& what) -> result<void> {
        if constexpr (std::is_same_v<Message, process_arrival>) return making.arrive(what, exists);
        if constexpr (std::is_same_v<Message, process_step_end>) return making.step_ended(what);
        if constexpr (std::is_same_v<Message, process_timer_fired>) return making.fire(what);
        if constexpr (std::is_same_v<Message, process_retry>) {
          auto retried = making.retry();
          if (!retried) return fail(std::move(retried.error()));
          refused = std::move(*retried);
        }
        if constexpr (std::is_same_v<Message, process_close>) refused = making.close(what, exists);
        return {};
      },
      message);
  if (!done) return fail(done.error());
  if (refused) return std::move(*refused);
  return making.take();
}

}  // namespace evoke::detail
