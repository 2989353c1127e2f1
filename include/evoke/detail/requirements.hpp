#pragma once

#include <evoke/context.hpp>
#include <evoke/decision.hpp>
#include <evoke/definition.hpp>

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <type_traits>
#include <utility>

/// What a user's types must bring, checked one by one, so that the compiler says what is missing and how to mend it.
namespace evoke {

template <class T>
struct type;

namespace detail {

template <class... Ts>
struct types {};

template <class List, class T>
inline constexpr bool contains = false;
template <class... Ts, class T>
inline constexpr bool contains<types<Ts...>, T> = (std::same_as<Ts, T> || ...);

/// Position of T in List; T must be there.
template <class List, class T>
inline constexpr std::size_t index_of = 0;
template <class First, class... Rest, class T>
inline constexpr std::size_t index_of<types<First, Rest...>, T> = std::same_as<First, T> ? 0 : 1 + index_of<types<Rest...>, T>;

struct event_name {
  std::string_view name;
  std::uint32_t schema_version = 1;
};

template <class T, std::size_t N>
constexpr std::array<T, N + 1> with(std::array<T, N> const& some, T one_more) {
  std::array<T, N + 1> all{};
  for (std::size_t i = 0; i < N; ++i) all[i] = some[i];
  all[N] = one_more;
  return all;
}

// These call by argument-dependent lookup, from here: inside the classes that use them, members of the same names would be found instead.
template <class State>
constexpr auto call_describe() -> decltype(describe(type<State>{})) {
  return describe(type<State>{});
}
template <class State, class Command>
auto call_decide(State const& state, Command const& command, context const& given) -> decltype(decide(state, command, given)) {
  return decide(state, command, given);
}
template <class State, class Event>
auto call_evolve(State&& state, Event const& event) -> decltype(evolve(std::forward<State>(state), event)) {
  return evolve(std::forward<State>(state), event);
}

template <class State>
concept has_describe = requires { detail::call_describe<State>(); };
template <class State, class Command>
concept has_decide =
    requires(State const& state, Command const& command, context const& given) { detail::call_decide(state, command, given); };
template <class State, class Event>
concept has_evolve = requires(State& state, Event const& event) { detail::call_evolve(state, event); };
/// It takes a copy or a const reference: what it does to it is lost.
template <class State, class Event>
concept evolves_a_copy = requires(State state, Event const& event) { detail::call_evolve(std::move(state), event); };

/// What decide() answers; void where there is none.
template <class State, class Command>
struct answer {
  using type = void;
};
template <class State, class Command>
  requires has_decide<State, Command>
struct answer<State, Command> {
  using type = decltype(detail::call_decide(std::declval<State const&>(), std::declval<Command const&>(), std::declval<context const&>()));
};
template <class State, class Command>
using answer_of = typename answer<State, Command>::type;

struct no_description {
  using commands = types<>;
  using events = types<>;
  using formers = types<>;
  static constexpr std::string_view name() { return "none"; }
  static constexpr std::array<std::string_view, 0> command_names() { return {}; }
  static constexpr std::array<event_name, 0> event_names() { return {}; }
  static constexpr std::array<event_name, 0> former_names() { return {}; }
  static constexpr aggregate_settings settings() { return {}; }
};

template <class T>
inline constexpr bool is_decision = false;
template <class... Events>
inline constexpr bool is_decision<decision<Events...>> = true;

template <class State>
struct state_requirements {
  static_assert(has_describe<State>,
                "evoke: no describe() was found for this state. Remedy: write `constexpr auto describe(evoke::type<the_state>) { return "
                "evoke::aggregate<the_state>(\"name\").command<...>(\"...\").event<...>(\"...\"); }` in the state's namespace, before "
                "evoke::define<the_state>().");
  static_assert(std::default_initializable<State>,
                "evoke: the state before the first event is State{}. Remedy: give the state's members default values.");
  static_assert(std::copyable<State>,
                "evoke: the runtime decides against copies of the state. Remedy: hold values in it, not unique owners.");
};

template <class State, class Command>
struct command_requirements {
  static_assert(
      has_decide<State, Command>,
      "evoke: no decide() was found for this state and this command. Remedy: write `evoke::decision<the_events...> "
      "decide(the_state const&, the_command const&, evoke::context const&)` in their namespace, before evoke::define<the_state>().");
  static_assert(
      !has_decide<State, Command> || is_decision<answer_of<State, Command>>,
      "evoke: decide() for this command must return evoke::decision<the_events...>. Remedy: name there every event it can lead to.");
  static_assert(std::default_initializable<Command> && std::movable<Command>,
                "evoke: a command is made empty and then filled from JSON. Remedy: give its members default values.");
};

template <class State, class Event>
struct event_requirements {
  static_assert(has_evolve<State, Event>,
                "evoke: no evolve() was found for this state and this event. Remedy: write `void evolve(the_state&, the_event const&)` in "
                "their namespace, before evoke::define<the_state>().");
  static_assert(!has_evolve<State, Event> || !evolves_a_copy<State, Event>,
                "evoke: evolve() for this event does not change the state in place. Remedy: take the state by reference, `void "
                "evolve(the_state&, the_event const&)`.");
  static_assert(std::default_initializable<Event> && std::movable<Event>,
                "evoke: an event is made empty and then filled from JSON. Remedy: give its members default values.");
};

template <class State, class Listed, class Event>
struct listed_event {
  static_assert(contains<Listed, Event>,
                "evoke: decide() can return this event, but it has no name under which it would be stored. Remedy: add "
                ".event<the_event>(\"its_name\") in describe().");
};

template <class State, class Listed, class Command>
struct listed_command {
  static_assert(contains<Listed, Command>,
                "evoke: this is not a command of this state. Remedy: add .command<the_command>(\"its_name\") in describe().");
};

}  // namespace detail
}  // namespace evoke
