#include "registration.hpp"

#include "user.hpp"

namespace users {

using evoke::rejection;

evoke::decision<registration_requested> decide(registration const& state, request_registration const& command, evoke::context const&) {
  if (state.requested) return rejection::conflict("registration_already_requested", "This registration has been requested");
  if (auto const id = evoke::aggregate_id::parse(command.user_id); !id) return rejection::invalid("invalid_user_id", id.error().message);
  if (auto why = bad_identity(command.auth0_id, "auth0_id")) return *why;
  if (auto why = bad_identity(command.github_id, "github_id")) return *why;
  return registration_requested{command.user_id,         command.auth0_id, command.github_id,
                                command.github_username, command.name,     command.avatar_url};
}

void evolve(registration& state, registration_requested const&) {
  state.requested = true;
}

}  // namespace users
