#pragma once

#include <evoke/context.hpp>
#include <evoke/detail/projection_requirements.hpp>
#include <evoke/process_events.hpp>
#include <evoke/projection_definition.hpp>
#include <evoke/reaction.hpp>

#include <concepts>
#include <string>
#include <type_traits>

/// What a user's process must bring, checked one by one like requirements.hpp does for aggregates.
namespace evoke {

template <class State, class Followed>
class process_description;

namespace detail {

/// An event of an aggregate, as a process follows it.
template <class Source, class Event, bool starts>
struct followed_by_process {
  using source = Source;
  using event = Event;
  static constexpr bool is_start = starts;
};

template <class List, class... More>
struct joined_types;
template <class... Ts, class... More>
struct joined_types<types<Ts...>, More...> {
  using type = types<Ts..., More...>;
};
template <class List, class... More>
using joined = typename joined_types<List, More...>::type;

template <class List, class Source, class Event>
inline constexpr bool follows_event = false;
template <class... Followed, class Source, class Event>
inline constexpr bool follows_event<types<Followed...>, Source, Event> =
    ((std::same_as<typename Followed::source, Source> && std::same_as<typename Followed::event, Event>) || ...);

template <class State, class T>
inline constexpr bool is_process_description = false;
template <class State, class Followed>
inline constexpr bool is_process_description<State, process_description<State, Followed>> = true;
template <class T>
concept describes_process = has_describe<T> && is_process_description<T, std::remove_cvref_t<decltype(detail::call_describe<T>())>>;

// These call by argument-dependent lookup, with the event's facts where the user takes them.
template <class State, class Event>
auto call_react(State& state, Event const& event, context const& given) -> decltype(react(state, event, given)) {
  return react(state, event, given);
}
template <class State, class Event>
auto call_react(State& state, Event const& event, context const& given, projected_event const& facts)
    -> decltype(react(state, event, given, facts)) {
  return react(state, event, given, facts);
}
template <class State, class Event>
auto call_correlate(Event const& event) -> decltype(correlate(type<State>{}, event)) {
  return correlate(type<State>{}, event);
}
template <class State, class Event>
auto call_correlate(Event const& event, projected_event const& facts) -> decltype(correlate(type<State>{}, event, facts)) {
  return correlate(type<State>{}, event, facts);
}

template <class State, class Event>
concept reacts_plainly = requires(State& state, Event const& event, context const& given) {
  { detail::call_react(state, event, given) } -> std::same_as<reaction>;
};
template <class State, class Event>
concept reacts_with_facts = requires(State& state, Event const& event, context const& given, projected_event const& facts) {
  { detail::call_react(state, event, given, facts) } -> std::same_as<reaction>;
};
template <class State, class Event>
concept correlates_plainly = requires(Event const& event) {
  { detail::call_correlate<State>(event) } -> std::convertible_to<std::string>;
};
template <class State, class Event>
concept correlates_with_facts = requires(Event const& event, projected_event const& facts) {
  { detail::call_correlate<State>(event, facts) } -> std::convertible_to<std::string>;
};

template <class State>
struct process_state_requirements {
  static_assert(describes_process<State>,
                "evoke: no describe() of a process was found for this state. Remedy: write `constexpr auto "
                "describe(evoke::type<the_state>) { return evoke::process<the_state>(\"name\").starts_on<the_source, the_event>(); }` in "
                "the state's namespace, before evoke::define_process<the_state>().");
  static_assert(std::default_initializable<State> && std::movable<State>,
                "evoke: a process's state is made empty, then read from JSON. Remedy: give its members default values.");
};

template <class Source, class Event>
inline constexpr bool is_event_of = false;
template <describes_aggregate Source, class Event>
inline constexpr bool is_event_of<Source, Event> =
    contains<typename std::remove_cvref_t<decltype(detail::call_describe<Source>())>::events, Event>;

template <class State, class Followed>
struct process_event_requirements {
  static_assert(is_event_of<typename Followed::source, typename Followed::event>,
                "evoke: a process follows events of aggregates, and this is none of that source. Remedy: name in .starts_on<>() and "
                ".follows<>() the state of an aggregate and events that its describe() lists.");
  static_assert(
      reacts_plainly<State, typename Followed::event> || reacts_with_facts<State, typename Followed::event>,
      "evoke: no react() was found for this process and this event. Remedy: write `evoke::reaction react(the_state&, the_event const&, "
      "evoke::context const&)` in the state's namespace, before evoke::define_process<the_state>().");
};

template <class State, class Followed>
struct process_events_requirements;
template <class State, class... Followed>
struct process_events_requirements<State, types<Followed...>> : process_event_requirements<State, Followed>... {
  static_assert((Followed::is_start || ...),
                "evoke: nothing ever starts this process. Remedy: add .starts_on<the_source, the_event>() in its describe().");
};

struct no_process {
  using followed = types<>;
};

template <class State>
struct checked_process : process_state_requirements<State> {
  static constexpr auto describe() {
    if constexpr (describes_process<State>) {
      return call_describe<State>();
    } else {
      return no_process{};
    }
  }
  using followed = typename decltype(describe())::followed;
};

/// All that can be said against a process when it is compiled.
template <class State>
struct process_requirements : process_events_requirements<State, typename checked_process<State>::followed> {};

}  // namespace detail
}  // namespace evoke
