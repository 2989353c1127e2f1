#pragma once

#include <evoke/timer.hpp>

#include <compare>
#include <cstdint>
#include <string>

namespace evoke::persistence {

/// Where a timer lies in the order of due times: names it exactly, so that a timer that was moved is another one. In the order of its key
/// in the store.
struct timer_place {
  timestamp due{};
  std::uint32_t type = 0;  ///< the interned aggregate type
  std::string id{};
  std::string name{};

  friend auto operator<=>(timer_place const&, timer_place const&) = default;
  friend bool operator==(timer_place const&, timer_place const&) = default;
};

/// A timer that is set, as it is stored: what the decision said, and which event's command said it.
struct stored_timer {
  timer_place at{};
  std::string command{};
  std::string body{};
  event_id set_by{};             ///< the first event of the append that set it
  std::string correlation_id{};  ///< of that event: never empty

  friend bool operator==(stored_timer const&, stored_timer const&) = default;
};

}  // namespace evoke::persistence
