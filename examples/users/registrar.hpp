#pragma once

#include "register_route.hpp"

#include <chrono>

namespace users {

/// Registers applicants through the process `user_registration` and waits for its outcome, at most until `deadline`: then it is accepted,
/// and goes on by itself. @param served must outlive it, and what it has under way.
[[nodiscard]] registrar make_registrar(evoke::runtime& served, std::chrono::milliseconds deadline = std::chrono::seconds(5));

}  // namespace users
