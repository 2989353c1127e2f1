#pragma once

#include <evoke/aggregate.hpp>
#include <evoke/detail/typed_process.hpp>
#include <evoke/process_definition.hpp>

#include <chrono>
#include <memory>
#include <string_view>

/// Making a process manager known: what goes on between aggregates. Its state is a plain struct described with Boost.Describe; `react` is
/// an overload for each event it follows, in the state's namespace; one function names the rest:
///
///     struct fulfilment { std::string order_id; std::vector<item> items; };
///     evoke::reaction react(fulfilment& state, fulfilment_started const& event, evoke::context const& given);
///     evoke::reaction react(fulfilment& state, payment_declined const& event, evoke::context const& given);
///     evoke::reaction react(fulfilment& state, evoke::step_succeeded const& step, evoke::context const& given);   // optional
///
///     std::string correlate(evoke::type<fulfilment>, payment_declined const& event) { return event.order_id; }
///
///     constexpr auto describe(evoke::type<fulfilment>) {
///       return evoke::process<fulfilment>("order_fulfilment")
///           .starts_on<request, fulfilment_started>()
///           .follows<payment, payment_declined>();
///     }
///
/// react() is pure: it changes the state in place and answers with what shall happen (reaction.hpp). The context hands in the instance's
/// id, the time of the decision, and ids that are the same whenever the same trigger is handled. What was decided is recorded in the
/// instance's own stream before anything is done, and is never decided anew. correlate() names the instance that an event belongs to, ""
/// for none; without one it is the id of the event's aggregate. In correlate() and react() an `evoke::projected_event const&` may be taken
/// as a last argument for the event's id, stream, position, time and metadata.
///
/// A process without memory is a policy: `evoke::policy<welcome>("welcome_mail").starts_on<user, user_registered>()` has an instance for
/// each event, which is over when the steps of its reaction have ended.
namespace evoke {

/// What describe() answers. Made by process<State>(...), each call below adds something and returns the whole. Keeps views: names are
/// string literals.
template <class State, class Followed = detail::types<>>
class process_description {
 public:
  using state_type = State;
  using followed = Followed;

  /// Do not call: begin with process<State>("name").
  constexpr process_description(std::string_view name, process_settings settings) : name_(name), settings_(settings) {}

  /// These events of the aggregate Source make an instance where there is none yet.
  template <class Source, class... Events>
  [[nodiscard]] constexpr auto starts_on() const {
    return added<Source, true, Events...>();
  }
  /// These events of the aggregate Source reach an instance that exists, and pass by where there is none.
  template <class Source, class... Events>
  [[nodiscard]] constexpr auto follows() const {
    return added<Source, false, Events...>();
  }

  /// At its first start the process begins with the first event of the log; else with those stored from then on.
  [[nodiscard]] constexpr auto from_the_beginning() const {
    return changed([](auto& to) { to.start_from = process_start::beginning; });
  }
  /// How long a step is tried before it counts as perhaps done, where its order does not say.
  [[nodiscard]] constexpr auto step_deadline(std::chrono::milliseconds time) const {
    return changed([&](auto& to) { to.step_deadline = time; });
  }
  /// How long an undo is tried before it waits for a person.
  [[nodiscard]] constexpr auto undo_deadline(std::chrono::milliseconds time) const {
    return changed([&](auto& to) { to.undo_deadline = time; });
  }

  [[nodiscard]] constexpr std::string_view name() const noexcept { return name_; }
  [[nodiscard]] constexpr process_settings const& settings() const noexcept { return settings_; }

 private:
  template <class Source, bool starts, class... Events>
  [[nodiscard]] constexpr auto added() const {
    static_assert(sizeof...(Events) > 0, "evoke: no event is named. Remedy: write .starts_on<the_state, the_event>().");
    static_assert(!(detail::follows_event<Followed, Source, Events> || ...),
                  "evoke: this event is followed twice. Remedy: name it once, in .starts_on<>() or in .follows<>().");
    return process_description<State, detail::joined<Followed, detail::followed_by_process<Source, Events, starts>...>>{name_, settings_};
  }
  template <class Change>
  [[nodiscard]] constexpr auto changed(Change change) const {
    auto copy = *this;
    change(copy.settings_);
    return copy;
  }

  std::string_view name_;
  process_settings settings_;
};

/// Begins a description. `name` is the process in requests and paths, and the aggregate type of its instances' streams.
template <class State>
[[nodiscard]] constexpr auto process(std::string_view name) {
  return process_description<State>{name, {}};
}

/// Begins the description of a policy: a process without memory, one instance for each event, named after the event's id. State is an empty
/// described struct that react() is found by.
template <class State>
[[nodiscard]] constexpr auto policy(std::string_view name) {
  process_settings settings;
  settings.ends_itself = true;
  return process_description<State>{name, settings};
}

/// The definition that registry::add takes, made from describe(evoke::type<State>).
template <class State>
[[nodiscard]] std::shared_ptr<process_definition const> define_process() {
  static_cast<void>(detail::process_requirements<State>{});  // here first: the shorter way to the message
  return std::make_shared<detail::typed_process<State> const>();
}

}  // namespace evoke
