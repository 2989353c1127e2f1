#pragma once

#include <evoke/definition.hpp>
#include <evoke/detail/requirements.hpp>
#include <evoke/json.hpp>
#include <evoke/upcast.hpp>

#include <array>
#include <cstddef>
#include <exception>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

/// From events as older programs stored them to those of today: upcast.hpp, followed to its end.
namespace evoke::detail {

/// Defined in model/upcasting.cpp, as the rest of these.
[[nodiscard]] failure unreadable(std::string_view what, std::string_view name, failure why);
[[nodiscard]] failure upcast_threw(event_name const& former, std::string_view what);
/// Hash of all by which an equal history could lead to another state: its schema, the fold's version, and what former events become.
[[nodiscard]] std::uint64_t fold_shape(aggregate_definition const& of);
/// What shapes say of a former event: one line.
[[nodiscard]] std::string former_line(std::string_view type, event_name const& former, std::string_view schema);
/// Of each former event, whether it can become, directly or by others, an event that is wanted. @param becomes as
/// former_info::becomes, one after another.
[[nodiscard]] std::vector<bool> leading_to(std::vector<std::vector<std::size_t>> const& becomes, std::vector<bool> const& wanted_events);

template <class Former>
auto call_upcast(Former const& stored) -> decltype(upcast(stored)) {
  return upcast(stored);
}
template <class Former>
concept has_upcast = requires(Former const& stored) { detail::call_upcast(stored); };

/// The events that upcast() can answer with.
template <class Answer>
struct targets {
  using type = types<Answer>;
  static constexpr bool in_parts = false;
};
template <class... Events>
struct targets<parts<Events...>> {
  using type = types<Events...>;
  static constexpr bool in_parts = true;
};
template <class Former>
struct upcast_answer {
  using type = dropped;
};
template <has_upcast Former>
struct upcast_answer<Former> {
  using type = std::remove_cvref_t<decltype(detail::call_upcast(std::declval<Former const&>()))>;
};
template <class Former>
using targets_of = targets<typename upcast_answer<Former>::type>;

template <class Former, class Targets, class Listed>
struct listed_targets;
template <class Former, class... Targets, class Listed>
struct listed_targets<Former, types<Targets...>, Listed> {
  static_assert((contains<Listed, Targets> && ...),
                "evoke: upcast() of this former event makes an event that the aggregate does not list. Remedy: add "
                ".event<the_event>(\"its_name\", its_version), or .former<the_event>(\"its_name\", its_version) and its own upcast(), in "
                "describe().");
};

template <class Former, class Listed>
struct former_requirements : listed_targets<Former, typename targets_of<Former>::type, Listed> {
  static_assert(has_upcast<Former>,
                "evoke: no upcast() was found for this former event. Remedy: write `the_next_event upcast(the_former_event const&)` in its "
                "namespace, before evoke::define<the_state>(); where it says nothing any more, `evoke::dropped upcast(...)`.");
  static_assert(std::default_initializable<Former> && std::movable<Former>,
                "evoke: a former event is made empty and then filled from JSON. Remedy: give its members default values.");
};

/// All that one aggregate type's former events become. Names are those of its description.
template <class Description, class Events, class Formers>
struct history;

template <class Description, class... Events, class... Formers>
struct history<Description, types<Events...>, types<Formers...>> : former_requirements<Formers, types<Events..., Formers...>>... {
  using events = types<Events...>;
  using formers = types<Formers...>;

  /// Decodes a stored Former and hands each event of today that it becomes to `sink`, in order: `result<void> sink(event const&)`. What the
  /// sink throws passes through. @returns corrupt when it does not read, user_code_failed when upcast() throws, what the sink returns.
  template <class Former, class Sink>
  static result<void> read(Description const& names, std::string_view data, Sink& sink) {
    Former stored{};
    {
      // The thread's document is given back before the sink runs: it may have to decode, too.
      json::borrowed_document scratch;
      auto const name = names.former_names()[index_of<formers, Former>].name;
      auto root = scratch->parse(data);
      if (!root) return fail(unreadable("event", name, std::move(root.error())));
      json::field_errors errors;
      json::codec<Former>::read(*root, stored, errors);
      if (!errors.empty()) return fail(unreadable("event", name, std::move(errors).to_failure()));
    }
    return step(names, stored, sink);
  }

  /// For each former event what it can become at once: indexes into Events, behind them those into Formers.
  static std::vector<std::vector<std::size_t>> becomes() { return {indexes(typename targets_of<Formers>::type{})...}; }
  static std::vector<std::string> schemas() { return {json::schema<Formers>()...}; }

 private:
  template <class... Targets>
  static std::vector<std::size_t> indexes(types<Targets...>) {
    return {index_of<types<Events..., Formers...>, Targets>...};
  }

  template <class Former, class Sink>
  static result<void> step(Description const& names, Former const& stored, Sink& sink) {
    if constexpr (has_upcast<Former>) {
      auto const next = guarded(names, stored);
      if (!next) return std::unexpected(next.error());
      if constexpr (!targets_of<Former>::in_parts) {
        return arrive(names, *next, sink);
      } else if constexpr (!std::same_as<typename targets_of<Former>::type, types<>>) {
        for (auto const& part : next->events()) {
          auto done = std::visit([&](auto const& event) { return arrive(names, event, sink); }, part);
          if (!done) return done;
        }
      }
    }
    return {};
  }

  template <class Event, class Sink>
  static result<void> arrive(Description const& names, Event const& event, Sink& sink) {
    if constexpr (contains<events, Event>)
      return sink(event);
    else if constexpr (contains<formers, Event>)
      return step(names, event, sink);
    else
      return {};  // listed_targets says so
  }

  // Only what upcast() throws: the sink's user code has its own rules.
  template <class Former>
  static result<typename upcast_answer<Former>::type> guarded(Description const& names, Former const& stored) {
    auto const& name = names.former_names()[index_of<formers, Former>];
    try {
      return call_upcast(stored);
    } catch (std::exception const& thrown) {
      return fail(upcast_threw(name, thrown.what()));
    } catch (...) {
      return fail(upcast_threw(name, "something that is no std::exception"));
    }
  }
};

}  // namespace evoke::detail
