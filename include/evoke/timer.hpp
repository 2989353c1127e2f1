#pragma once

#include <evoke/time.hpp>

#include <string>

namespace evoke {

/// A durable wake-up that a decision sets or cancels. It is recorded in the batch that holds the decision's events and fires,
/// as a command to the aggregate that set it, at or after `due`.
struct timer_change {
  enum class action : std::uint8_t { set, cancel };

  action what{};
  std::string name{};     ///< unique within the aggregate; setting it again moves it
  timestamp due{};        ///< set only
  std::string command{};  ///< set only: the command that fires
  std::string body{};     ///< set only: its fields as JSON

  friend bool operator==(timer_change const&, timer_change const&) = default;
};

}  // namespace evoke
