#pragma once

#include <string_view>

/// Commands of every process's instances, by name.
namespace evoke::detail {

inline constexpr std::string_view process_retry_command = "retry";      ///< a person: try again what could not be undone
inline constexpr std::string_view process_close_command = "close";      ///< a person: end the instance as it is
inline constexpr std::string_view process_timer_command = "timer_due";  ///< the runtime: a timer fired

/// Code of the rejection by which an instance says that it cannot handle what it was sent.
inline constexpr std::string_view process_blocked_code = "process_blocked";

}  // namespace evoke::detail
