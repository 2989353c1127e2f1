#pragma once

#include "identity_claim.hpp"
#include "registration.hpp"
#include "registration_audit.hpp"
#include "user.hpp"

#include <evoke/process.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

/// The process `user_registration`: from a registration to a user, or to an entry in the audit and no claim left over. Its instance is
/// named after the registration.
///
///     claim_auth0 -> claim_github -> register_user -> confirm_auth0, confirm_github
///
/// A claim that somebody else holds and has not confirmed is waited for: who holds it may yet give it up. What refuses a step for good is
/// recorded first (record_failure), and then the claims are released.
namespace users {

enum class registration_outcome : std::uint8_t { pending, registered, refused };

struct user_registration {
  registration_outcome outcome = registration_outcome::pending;
  registration_requested wanted;
  std::optional<std::string> reason_code;        ///< of the rejection that ended it
  std::optional<std::string> reason;             ///< for people
  std::optional<std::string> duplicate_user_id;  ///< who has one of the identities, if that is the reason
};

/// Before a claim is tried again that somebody else holds.
inline constexpr std::chrono::milliseconds claim_retry_delay{100};

// ---- what it does when (user_registration.cpp)

evoke::reaction react(user_registration&, registration_requested const&, evoke::context const&);
evoke::reaction react(user_registration&, evoke::step_succeeded const&, evoke::context const&);
evoke::reaction react(user_registration&, evoke::step_failed const&, evoke::context const&);
evoke::reaction react(user_registration&, evoke::timer_due const&, evoke::context const&);
evoke::reaction react(user_registration&, evoke::process_completed const&, evoke::context const&);

// ---- its names to the outside, for ever

BOOST_DESCRIBE_ENUM(registration_outcome, pending, registered, refused)
BOOST_DESCRIBE_STRUCT(user_registration, (), (outcome, wanted, reason_code, reason, duplicate_user_id))

constexpr auto describe(evoke::type<user_registration>) {
  return evoke::process<user_registration>("user_registration").starts_on<registration, registration_requested>();
}

}  // namespace users
