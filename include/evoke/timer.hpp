#pragma once

#include <evoke/ids.hpp>
#include <evoke/time.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/// Durable timers: wake-ups that a decision sets, and what a runtime says of those that are set.
namespace evoke {

/// A durable wake-up that a decision sets or cancels. It is recorded in the batch that holds the decision's events and fires, as a command
/// to the aggregate that set it, at or after `due`, in the order of due times, once in effect: the batch that stores what the command led
/// to deletes the timer. A decision that changes timers must have an event (docs/timers.md says why); without one the command fails with
/// `user_code_failed` and nothing is stored.
struct timer_change {
  enum class action : std::uint8_t { set, cancel };

  action what{};
  std::string name{};     ///< 1-128 bytes of UTF-8 without control characters, unique within the aggregate; setting it again moves it
  timestamp due{};        ///< set only; of the years 0 to 9999
  std::string command{};  ///< set only: the command that fires, one of the aggregate's own
  std::string body{};     ///< set only: its fields as JSON; must read

  friend bool operator==(timer_change const&, timer_change const&) = default;
};

/// A timer that is set.
struct pending_timer {
  std::string type{};  ///< of the aggregate
  std::string id{};
  std::string name{};
  timestamp due{};
  std::string command{};
  std::string body{};
  event_id set_by{};             ///< the event that set it: the causation id of what it fires
  std::string correlation_id{};  ///< of that event, and of what it fires
  std::uint32_t attempts = 0;    ///< that failed since the runtime was started
  std::string last_error{};      ///< why the last of them did; empty when none has
  bool operator==(pending_timer const&) const = default;
};

/// A page of the timers that are set, in the order of their due times; of one type, or of one aggregate, where given.
struct timers_request {
  std::string type{};
  std::string id{};  ///< only together with `type`
  std::size_t limit = 100;
  std::string cursor{};  ///< of the page before
};

struct timers_page {
  std::vector<pending_timer> timers{};
  std::optional<std::string> next{};  ///< cursor of the next page; empty = this was the last. A page of a type may be short, even empty
};

}  // namespace evoke
