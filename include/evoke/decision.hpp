#pragma once

#include <evoke/rejection.hpp>
#include <evoke/timer.hpp>

#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace evoke {

/// Says in a `return` that a command is fine and changes nothing: no event, version or position.
struct nothing_t {};
inline constexpr nothing_t nothing{};

/// What `decide` answers: events in order, timers to set or cancel, nothing, or a rejection. The parameter list names the events
/// that this command can lead to, so the signature says what a command does:
///
///     evoke::decision<cart_item_added> decide(cart const&, add_cart_item const&, evoke::context const&);
///
/// A value converts: `return cart_item_added{...};`, `return evoke::rejection::conflict("...", "...");`,
/// `return evoke::nothing;`. Several events: `return {a{...}, b{...}};` or `.add(...)` one by one.
template <class... Events>
class decision {
 public:
  /// Without parameters, for a command that only sets timers or says no, there is never an event.
  using event = std::conditional_t<sizeof...(Events) == 0, std::variant<std::monostate>, std::variant<Events...>>;

  decision() = default;
  decision(nothing_t) {}                                                    // NOLINT(google-explicit-constructor): reads as a return value
  decision(rejection why) : rejection_(std::move(why)), rejected_(true) {}  // NOLINT(google-explicit-constructor)

  template <class First, class... Rest>
    requires((std::is_same_v<std::remove_cvref_t<First>, Events> || ...))
  decision(First&& first, Rest&&... rest) {  // NOLINT(google-explicit-constructor)
    events_.reserve(1 + sizeof...(rest));
    events_.emplace_back(std::forward<First>(first));
    (events_.emplace_back(std::forward<Rest>(rest)), ...);
  }

  template <class Event>
  decision& add(Event&& happened) {
    events_.emplace_back(std::forward<Event>(happened));
    return *this;
  }

  /// Wakes this aggregate with `command` at or after `due`; the same name again moves the timer. Needs an event beside it (timer.hpp).
  decision& set_timer(std::string name, timestamp due, std::string command, std::string body = "{}") {
    may_have_events();
    timers_.push_back({timer_change::action::set, std::move(name), due, std::move(command), std::move(body)});
    return *this;
  }
  decision& cancel_timer(std::string name) {
    may_have_events();
    timers_.push_back({timer_change::action::cancel, std::move(name), {}, {}, {}});
    return *this;
  }

  [[nodiscard]] bool rejected() const noexcept { return rejected_; }
  [[nodiscard]] rejection const& why() const noexcept { return rejection_; }
  [[nodiscard]] std::vector<event> const& events() const noexcept { return events_; }
  [[nodiscard]] std::vector<event>& events() noexcept { return events_; }
  [[nodiscard]] std::vector<timer_change> const& timers() const noexcept { return timers_; }

 private:
  static constexpr void may_have_events() {
    static_assert(sizeof...(Events) > 0,
                  "evoke: timers are stored with an event, and this decision never has one. Remedy: name the event that says why the timer "
                  "is set or cancelled in evoke::decision<...>, and add it.");
  }

  std::vector<event> events_;
  std::vector<timer_change> timers_;
  rejection rejection_;
  bool rejected_ = false;
};

}  // namespace evoke
