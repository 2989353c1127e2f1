#pragma once

#include <evoke/decision.hpp>
#include <evoke/definition.hpp>
#include <evoke/detail/typed_definition.hpp>
#include <evoke/upcast.hpp>

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

/// Making an aggregate type known. State, commands and events are plain structs described with Boost.Describe; `decide` and `evolve` are
/// overloads in their namespace; one function names everything:
///
///     constexpr auto describe(evoke::type<cart>) {
///       return evoke::aggregate<cart>("cart")
///           .command<create_cart>("create_cart")
///           .event<cart_created>("cart_created")
///           .snapshot_every(100);
///     }
///
/// What is missing or does not fit is a compile-time error that names the type and the remedy. Names are checked by registry::add.
namespace evoke {

/// Says which type is meant where a function has no other argument to tell by.
template <class T>
struct type {};

/// What describe() answers: names, in order, and settings. Made by aggregate<State>(...), each call below adds something and returns
/// the whole. Keeps views: names are string literals.
template <class State, class Commands = detail::types<>, class Events = detail::types<>, class Formers = detail::types<>>
class aggregate_description;

template <class State, class... Commands, class... Events, class... Formers>
class aggregate_description<State, detail::types<Commands...>, detail::types<Events...>, detail::types<Formers...>> {
 public:
  using state_type = State;
  using commands = detail::types<Commands...>;
  using events = detail::types<Events...>;
  using formers = detail::types<Formers...>;

  /// Do not call: begin with aggregate<State>("name").
  constexpr aggregate_description(std::string_view name, std::array<std::string_view, sizeof...(Commands)> command_names,
                                  std::array<detail::event_name, sizeof...(Events)> event_names,
                                  std::array<detail::event_name, sizeof...(Formers)> former_names, aggregate_settings settings)
      : name_(name), command_names_(command_names), event_names_(event_names), former_names_(former_names), settings_(settings) {}

  /// A command and its name in requests.
  template <class Command>
  [[nodiscard]] constexpr auto command(std::string_view name) const {
    static_assert(!detail::contains<commands, Command>, "evoke: this command is listed twice. Remedy: remove one .command<>().");
    return aggregate_description<State, detail::types<Commands..., Command>, events, formers>{name_, detail::with(command_names_, name),
                                                                                              event_names_, former_names_, settings_};
  }

  /// An event and the name and schema version under which it is stored. When its fields change otherwise than by a new optional one: keep
  /// the old struct as .former<>() and raise the version.
  template <class Event>
  [[nodiscard]] constexpr auto event(std::string_view name, std::uint32_t schema_version = 1) const {
    static_assert(!detail::contains<detail::types<Events..., Formers...>, Event>,
                  "evoke: this event is listed twice. Remedy: remove one .event<>() or .former<>().");
    return aggregate_description<State, commands, detail::types<Events..., Event>, formers>{
        name_, command_names_, detail::with(event_names_, detail::event_name{name, schema_version}), former_names_, settings_};
  }

  /// An event as an older program stored it, under this name and schema version; never stored again. upcast() says what it is now
  /// (upcast.hpp). Under every name all versions must be listed, from 1 on.
  template <class Former>
  [[nodiscard]] constexpr auto former(std::string_view name, std::uint32_t schema_version) const {
    static_assert(!detail::contains<detail::types<Events..., Formers...>, Former>,
                  "evoke: this event is listed twice. Remedy: remove one .event<>() or .former<>().");
    return aggregate_description<State, commands, events, detail::types<Formers..., Former>>{
        name_, command_names_, event_names_, detail::with(former_names_, detail::event_name{name, schema_version}), settings_};
  }

  /// A snapshot whenever this many events lie behind the last, also when one command crosses the boundary. 0 = never.
  [[nodiscard]] constexpr auto snapshot_every(std::uint32_t events_between) const {
    return changed([&](auto& to) { to.snapshot_interval_events = events_between; });
  }
  /// From 1. Raise it when evolve() or upcast() changes so that the same events lead to another state: the snapshots are then discarded. A
  /// change of the state's fields, or of what is listed as former, is noticed without.
  [[nodiscard]] constexpr auto fold_version(std::uint32_t number) const {
    return changed([&](auto& to) { to.fold_version = number; });
  }
  /// Idle time before an aggregate leaves memory. 0 = the runtime's.
  [[nodiscard]] constexpr auto passivate_after(std::chrono::milliseconds idle) const {
    return changed([&](auto& to) { to.passivate_after = idle; });
  }
  /// Beyond: limit_exceeded, nothing is stored. 0 = the runtime's; the same for the next two.
  [[nodiscard]] constexpr auto max_events_per_command(std::uint32_t count) const {
    return changed([&](auto& to) { to.max_events_per_command = count; });
  }
  /// Of one event. Beyond: limit_exceeded, nothing is stored.
  [[nodiscard]] constexpr auto max_payload_bytes(std::uint32_t bytes) const {
    return changed([&](auto& to) { to.max_payload_bytes = bytes; });
  }
  /// For one aggregate. Beyond: overloaded.
  [[nodiscard]] constexpr auto max_waiting_commands(std::uint32_t count) const {
    return changed([&](auto& to) { to.max_waiting_commands = count; });
  }
  /// A command without an expected version fails with precondition_required.
  [[nodiscard]] constexpr auto require_precondition() const {
    return changed([](auto& to) { to.requires_precondition = true; });
  }

  [[nodiscard]] constexpr std::string_view name() const noexcept { return name_; }
  [[nodiscard]] constexpr auto const& command_names() const noexcept { return command_names_; }
  [[nodiscard]] constexpr auto const& event_names() const noexcept { return event_names_; }
  [[nodiscard]] constexpr auto const& former_names() const noexcept { return former_names_; }
  [[nodiscard]] constexpr aggregate_settings const& settings() const noexcept { return settings_; }

 private:
  template <class Change>
  [[nodiscard]] constexpr auto changed(Change change) const {
    auto copy = *this;
    change(copy.settings_);
    return copy;
  }

  std::string_view name_;
  std::array<std::string_view, sizeof...(Commands)> command_names_;
  std::array<detail::event_name, sizeof...(Events)> event_names_;
  std::array<detail::event_name, sizeof...(Formers)> former_names_;
  aggregate_settings settings_;
};

/// Begins a description. `name` is the aggregate type in requests, streams and paths.
template <class State>
[[nodiscard]] constexpr auto aggregate(std::string_view name) {
  return aggregate_description<State>{name, {}, {}, {}, {}};
}

/// The definition that registry::add takes, made from describe(evoke::type<State>). States it creates must not outlive it.
template <class State>
[[nodiscard]] std::shared_ptr<aggregate_definition const> define() {
  static_cast<void>(detail::state_requirements<State>{});  // here first: the shorter way to the message
  return std::make_shared<detail::typed_definition<State> const>();
}

/// Identifies a C++ state type at run time: the same pointer for the same type, another for another.
template <class State>
[[nodiscard]] void const* state_tag() noexcept {
  return &json::detail::type_tag<State>;
}

/// A command ready for execution by the definition of State.
template <class State, class Command>
[[nodiscard]] boxed_command box_command(Command command) {
  return detail::box<State>(std::move(command));
}

/// The state that a definition of State encoded. @returns malformed when it does not read.
template <class State>
[[nodiscard]] result<State> decode_state(std::string_view json) {
  return json::decode<State>(json);
}

}  // namespace evoke
