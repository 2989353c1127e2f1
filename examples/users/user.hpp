#pragma once

#include <evoke/evoke.hpp>

#include <boost/describe.hpp>

#include <optional>
#include <string>

/// Users: people who came with an identity at Auth0 and an account at GitHub. That there is one user for each is not known here: see
/// identity_claim.hpp.
namespace users {

// ---- what can be asked

struct register_user {
  std::string auth0_id;
  std::string github_id;  ///< a number there, text here and everywhere
  std::string github_username;
  std::optional<std::string> name;
  std::optional<std::string> avatar_url;
};

// ---- what can happen

struct user_registered {
  std::string auth0_id;
  std::string github_id;
  std::string github_username;
  std::string display_name;  ///< the name, or the username of somebody who has none
  std::optional<std::string> avatar_url;
  evoke::timestamp registered_at{};
};

// ---- what a user is

struct user {
  std::string auth0_id;
  std::string github_id;
  std::string github_username;
  std::string display_name;
};

/// Of a name or an address. Bounds the state and the event.
inline constexpr std::size_t max_text_bytes = 1'000;
/// Of an id at Auth0 or GitHub: a claim's id is this with a few letters before it, and has 128 bytes at most.
inline constexpr std::size_t max_identity_bytes = 120;

// ---- the rules (user_rules.cpp)

/// Idempotent by the identities: who is registered with the same ones is left as they are.
evoke::decision<user_registered> decide(user const&, register_user const&, evoke::context const&);

void evolve(user&, user_registered const&);

/// What is wrong with an id at Auth0 or GitHub, if anything is. `field` names it in the answer.
std::optional<evoke::rejection> bad_identity(std::string const& id, std::string const& field);

// ---- their names to the outside, for ever

BOOST_DESCRIBE_STRUCT(register_user, (), (auth0_id, github_id, github_username, name, avatar_url))
BOOST_DESCRIBE_STRUCT(user_registered, (), (auth0_id, github_id, github_username, display_name, avatar_url, registered_at))
BOOST_DESCRIBE_STRUCT(user, (), (auth0_id, github_id, github_username, display_name))

constexpr auto describe(evoke::type<user>) {
  return evoke::aggregate<user>("user").command<register_user>("register_user").event<user_registered>("user_registered");
}

}  // namespace users
