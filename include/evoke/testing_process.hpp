#pragma once

#include <evoke/detail/process_steps.hpp>
#include <evoke/process.hpp>
#include <evoke/testing.hpp>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// Tests of a process manager that start no actor, no thread and no store, and work with any test framework: what differs throws
/// `mismatch`.
///
///     using evoke::testing::process_of;
///     process_of<fulfilment>()
///         .when<request>("o-1", fulfilment_started{...})
///         .then_orders({{"create_order", evoke::to<order>("o-1", place_order{...})}})
///         .step_succeeds("create_order")
///         .then_orders({{"process_payment", evoke::to<payment>("c-1", authorize_payment{...})}})
///         .step_rejected("process_payment", evoke::rejection::conflict("declined", "No credit"))
///         .then_undoes({{"create_order", evoke::to<order>("o-1", cancel_order{...})}})
///         .undo_succeeds("create_order")
///         .then_status(evoke::process_status::failed);
///
/// Every step also checks that what is recorded survives its codec, and that deciding again leads to the same.
namespace evoke::testing {

/// Where a test stands. May be kept in a variable and copied: both go on from there.
template <class State>
class process_scenario {
 public:
  using orders = std::vector<std::pair<std::string, command_order>>;

  process_scenario() : steps_(define_process<State>()) {}

  /// Time of what follows; 2026-01-01T00:00:00Z when never set.
  process_scenario& at(timestamp now) {
    steps_.now = now;
    return *this;
  }
  /// Of the events that follow.
  process_scenario& with_metadata(metadata meta) {
    steps_.meta = std::move(meta);
    return *this;
  }
  /// The instance that the calls below speak of; without it, that of the last event.
  process_scenario& instance(std::string_view id) {
    steps_.choose(id);
    return *this;
  }

  /// An event of the aggregate Source with that id. One that the process does not follow is a mistake of the test.
  template <class Source, class Event>
  process_scenario& when(std::string_view id, Event const& event) {
    using events = typename evoke::detail::checked<Source>::events;
    static_cast<void>(evoke::detail::listed_event<Source, events, Event>{});
    auto const described = evoke::detail::checked<Source>::describe();
    auto const& named = described.event_names()[evoke::detail::index_of<events, Event>];
    steps_.happen(described.name(), id, named.name, named.schema_version, json::encode(event));
    return *this;
  }

  /// How an open step ends. @param events names of what its command led to.
  process_scenario& step_succeeds(std::string_view step, std::vector<std::string> events = {}) {
    steps_.end_step(step, false, step_outcome::succeeded, {}, std::move(events));
    return *this;
  }
  process_scenario& step_rejected(std::string_view step, rejection const& why) {
    steps_.end_step(step, false, step_outcome::rejected, why, {});
    return *this;
  }
  process_scenario& step_times_out(std::string_view step) {
    steps_.end_step(step, false, step_outcome::timed_out, rejection::invalid("timed_out", ""), {});
    return *this;
  }
  process_scenario& undo_succeeds(std::string_view step) {
    steps_.end_step(step, true, step_outcome::succeeded, {}, {});
    return *this;
  }
  process_scenario& undo_rejected(std::string_view step, rejection const& why) {
    steps_.end_step(step, true, step_outcome::rejected, why, {});
    return *this;
  }
  /// A person has what could not be undone tried again.
  process_scenario& retry() {
    steps_.retry();
    return *this;
  }
  process_scenario& timer_fires(std::string_view name) {
    steps_.fire(name);
    return *this;
  }

  /// What the last call led to, and nothing else.
  process_scenario& then_orders(orders const& expected) {
    steps_.expect_orders(expected, false);
    return *this;
  }
  process_scenario& then_undoes(orders const& expected) {
    steps_.expect_orders(expected, true);
    return *this;
  }
  process_scenario& then_status(process_status expected) {
    steps_.expect_status(expected);
    return *this;
  }
  process_scenario& then_state(State const& expected) {
    steps_.expect_state(json::encode(expected));
    return *this;
  }
  /// All that are set now.
  process_scenario& then_timers(std::vector<process_timer> const& expected) {
    steps_.expect_timers(expected);
    return *this;
  }
  process_scenario& then_no_instance(std::string_view id) {
    steps_.expect_no_instance(id);
    return *this;
  }

  [[nodiscard]] State state() const {
    auto decoded = json::decode<State>(steps_.instance().state.json);
    if (!decoded) throw mismatch(decoded.error().message);
    return std::move(*decoded);
  }
  [[nodiscard]] process_instance const& recorded() const { return steps_.instance(); }

 private:
  detail::process_steps steps_;
};

/// A process before the first event.
template <class State>
[[nodiscard]] process_scenario<State> process_of() {
  return {};
}

}  // namespace evoke::testing
