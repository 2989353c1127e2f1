#include "identity_claim.hpp"

#include <algorithm>
#include <optional>

namespace users {
namespace {

using evoke::context;
using evoke::decision;
using evoke::rejection;

constexpr std::string_view auth0_prefix = "auth0:";
constexpr std::string_view github_prefix = "github:";

std::optional<rejection> bad_id(std::string const& id, std::string const& field) {
  auto const parsed = evoke::aggregate_id::parse(id);
  if (parsed) return std::nullopt;
  return rejection::invalid("invalid_" + field, field + " is not an identifier: " + parsed.error().message);
}

/// An identity of a kind that nobody has would be claimed for ever and looked at by nobody.
std::optional<rejection> bad_claim_id(std::string const& id) {
  for (auto const prefix : {auth0_prefix, github_prefix}) {
    if (id.starts_with(prefix) && id.size() > prefix.size()) return std::nullopt;
  }
  return rejection::invalid("invalid_claim_id", "A claim's id is auth0:<id> or github:<id>");
}

bool has_released(identity_claim const& state, std::string const& registration_id) {
  return std::ranges::find(state.released, registration_id) != state.released.end();
}

bool is_held_by(identity_claim const& state, std::string const& registration_id) {
  return state.status != claim_status::free && state.registration_id == registration_id;
}

/// {"name":"text"}. Both are identifiers, which always can be written.
std::string details(std::string_view name, std::string const& text) {
  std::string made;
  evoke::json::writer out(made);
  out.begin_object();
  out.key(name);
  out.string(text);
  out.end_object();
  return made;
}

}  // namespace

std::string auth0_claim(std::string_view auth0_id) {
  return std::string(auth0_prefix).append(auth0_id);
}

std::string github_claim(std::string_view github_id) {
  return std::string(github_prefix).append(github_id);
}

decision<identity_claimed> decide(identity_claim const& state, claim_identity const& command, context const& given) {
  if (auto why = bad_claim_id(given.id().str())) return *why;
  if (auto why = bad_id(command.user_id, "user_id")) return *why;
  if (auto why = bad_id(command.registration_id, "registration_id")) return *why;
  if (has_released(state, command.registration_id)) {
    return rejection::conflict("claim_already_released", "This registration has released its claim");
  }
  if (is_held_by(state, command.registration_id)) return evoke::nothing;
  switch (state.status) {
    case claim_status::free: break;
    case claim_status::pending:
      return rejection::conflict("identity_claim_pending", "Another registration holds this identity and has not ended yet",
                                 details("registration_id", state.registration_id));
    case claim_status::confirmed:
      return rejection::conflict("identity_taken", "A user with this identity is already registered",
                                 details("duplicate_user_id", state.user_id));
  }
  return identity_claimed{command.user_id, command.registration_id};
}

decision<claim_confirmed> decide(identity_claim const& state, confirm_claim const& command, context const&) {
  if (!is_held_by(state, command.registration_id)) {
    return rejection::conflict("claim_not_held", "This registration does not hold the identity");
  }
  if (state.status == claim_status::confirmed) return evoke::nothing;
  return claim_confirmed{state.user_id, command.registration_id};
}

decision<claim_released> decide(identity_claim const& state, release_claim const& command, context const& given) {
  if (auto why = bad_claim_id(given.id().str())) return *why;
  if (auto why = bad_id(command.registration_id, "registration_id")) return *why;
  if (has_released(state, command.registration_id)) return evoke::nothing;
  if (is_held_by(state, command.registration_id) && state.status == claim_status::confirmed) {
    return rejection::conflict("claim_already_confirmed", "The claim is confirmed: there is a user with this identity");
  }
  return claim_released{command.registration_id};
}

void evolve(identity_claim& state, identity_claimed const& event) {
  state.status = claim_status::pending;
  state.user_id = event.user_id;
  state.registration_id = event.registration_id;
}

void evolve(identity_claim& state, claim_confirmed const&) {
  state.status = claim_status::confirmed;
}

void evolve(identity_claim& state, claim_released const& event) {
  if (is_held_by(state, event.registration_id)) {
    state.status = claim_status::free;
    state.user_id.clear();
    state.registration_id.clear();
  }
  state.released.push_back(event.registration_id);
  if (state.released.size() > max_released) state.released.erase(state.released.begin());
}

}  // namespace users
