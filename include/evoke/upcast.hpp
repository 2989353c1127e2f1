#pragma once

#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

/// Reading events that older programs stored. What an event looked like then stays as a plain struct and is listed with `.former<>()`
/// beside the events of today; an overload in its namespace says what it is now:
///
///     order_placed upcast(order_placed_v1 const& stored);                             // one to one, perhaps to the next former event
///     evoke::dropped upcast(order_flagged const&);                                    // it says nothing any more
///     evoke::parts<price_set, name_set> upcast(product_edited const& stored);         // one to many, in order
///
/// Pure, as evolve() is: no I/O, no clock, no randomness. The stored event stays as it is, with its version, position and id.
namespace evoke {

/// What a stored event becomes when that is not always exactly one: these events in order, none = dropped.
template <class... Events>
class parts {
 public:
  using event = std::conditional_t<sizeof...(Events) == 0, std::variant<std::monostate>, std::variant<Events...>>;

  parts() = default;

  template <class First, class... Rest>
    requires((std::is_same_v<std::remove_cvref_t<First>, Events> || ...))
  parts(First&& first, Rest&&... rest) {  // NOLINT(google-explicit-constructor): reads as a return value
    events_.reserve(1 + sizeof...(rest));
    events_.emplace_back(std::forward<First>(first));
    (events_.emplace_back(std::forward<Rest>(rest)), ...);
  }

  template <class Event>
  parts& add(Event&& part) {
    events_.emplace_back(std::forward<Event>(part));
    return *this;
  }

  [[nodiscard]] std::vector<event> const& events() const noexcept { return events_; }

 private:
  std::vector<event> events_;
};

/// Says in a `return` that an event no longer says anything. It keeps its version and position, and nobody is shown it.
using dropped = parts<>;

}  // namespace evoke
