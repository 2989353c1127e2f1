#pragma once

#include <evoke/aggregate.hpp>
#include <evoke/detail/test_steps.hpp>

#include <array>
#include <string_view>
#include <utility>

/// Tests of a domain that start no actor, no thread and no store, and work with any test framework: what differs throws `mismatch`.
///
///     using evoke::testing::given;
///     given<cart>(cart_created{"u-1"})
///         .when(add_cart_item{"p-1", 2, 995})
///         .then(cart_item_added{"p-1", 2, 995});
///     given<cart>().when(check_out{}).then_rejected(evoke::rejection_kind::not_found, "no_cart");
///
/// Every step also checks what the runtime relies on: command, events and state are the same after encoding and decoding, events evolve the
/// state in the same way before and after, and decide() answers the same twice.
namespace evoke::testing {

/// Where a test stands. May be kept in a variable and copied: both go on from there.
template <class State>
class scenario {
 public:
  scenario() : steps_(define<State>(), &recode) {}

  /// Time of the commands that follow; 2026-01-01T00:00:00Z when never set.
  scenario& at(timestamp now) {
    steps_.now = now;
    return *this;
  }
  /// The aggregate's id; "test-1" when never set. Throws mismatch for an id that breaks the rule.
  scenario& as(std::string_view id) {
    auto parsed = aggregate_id::parse(id);
    if (!parsed) throw mismatch(parsed.error().message);
    steps_.id = std::move(*parsed);
    return *this;
  }
  /// Feeds random() and new_id() of the next command.
  scenario& with_seed(std::uint64_t seed) {
    steps_.seed = seed;
    return *this;
  }
  scenario& with_metadata(metadata meta) {
    steps_.meta = std::move(meta);
    return *this;
  }

  /// More history, former events among it: then it is what upcast() makes of them.
  template <class... Events>
  scenario& and_given(Events... history) {
    (happen(std::move(history)), ...);
    return *this;
  }

  /// Decides, and takes what was decided into the state.
  template <class Command>
  scenario& when(Command command) {
    steps_.decide(box_command<State>(std::move(command)));
    return *this;
  }

  /// Exactly these events, in this order.
  template <class... Events>
  scenario& then(Events const&... expected) {
    static_assert(sizeof...(Events) > 0, "evoke: say then_nothing() when no event is expected");
    steps_.expect_events({told(expected)...});
    return *this;
  }
  scenario& then_rejected(rejection_kind kind, std::string_view code) {
    steps_.expect_rejection(kind, code, std::nullopt);
    return *this;
  }
  scenario& then_rejected(rejection_kind kind, std::string_view code, std::string_view message) {
    steps_.expect_rejection(kind, code, message);
    return *this;
  }
  /// Accepted, without event or timer.
  scenario& then_nothing() {
    steps_.expect_nothing();
    return *this;
  }
  /// Exactly these timers are set or cancelled, in this order.
  scenario& then_timers(std::vector<timer_change> const& expected) {
    steps_.expect_timers(expected);
    return *this;
  }

  /// As it is now.
  [[nodiscard]] State state() const { return static_cast<evoke::detail::typed_state<State> const&>(steps_.state()).get(); }
  /// Why the last command was rejected. Throws mismatch when it was not.
  [[nodiscard]] rejection why() const { return steps_.why(); }

 private:
  using events = typename evoke::detail::checked<State>::events;

  template <class Event>
  static result<std::string> recode_as(std::string_view json) {
    auto decoded = json::decode<Event>(json);
    return decoded ? json::encode(*decoded) : fail(std::move(decoded.error()));
  }
  template <class... Events>
  static result<std::string> recode_one(evoke::detail::types<Events...>, std::size_t index, std::string_view json) {
    static constexpr std::array<result<std::string> (*)(std::string_view), sizeof...(Events)> all{&recode_as<Events>...};
    return all[index](json);
  }
  static result<std::string> recode(std::size_t index, std::string_view json) { return recode_one(events{}, index, json); }

  template <class Event>
  void happen(Event event) {
    using formers = typename evoke::detail::checked<State>::formers;
    if constexpr (evoke::detail::contains<formers, Event>) {
      auto const named = evoke::detail::checked<State>::describe().former_names()[evoke::detail::index_of<formers, Event>];
      return steps_.happened_before(named.name, named.schema_version, json::encode(event), &recode_as<Event>);
    } else {
      happen_now(std::move(event));
    }
  }
  template <class Event>
  void happen_now(Event event) {
    static_cast<void>(evoke::detail::listed_event<State, events, Event>{});
    steps_.happen(evoke::detail::typed_decided<State, Event>{decision<Event>{std::move(event)}});
  }

  template <class Event>
  static detail::told_event told(Event const& event) {
    static_cast<void>(evoke::detail::listed_event<State, events, Event>{});
    auto json = json::encode(event);
    if (!json) throw mismatch("an expected event cannot be encoded: " + json.error().message);
    return {evoke::detail::index_of<events, Event>, std::move(*json)};
  }

  detail::steps steps_;
};

/// A scenario that begins with this history.
template <class State, class... Events>
[[nodiscard]] scenario<State> given(Events... history) {
  scenario<State> made;
  made.and_given(std::move(history)...);
  return made;
}

}  // namespace evoke::testing
