#pragma once

#include <evoke/evoke.hpp>

#include <boost/describe.hpp>

#include <optional>
#include <string>

/// Registrations: somebody who is who they say they are wants to become a user. What becomes of it is the business of
/// user_registration.hpp.
namespace users {

// ---- what can be asked

/// The id that the user will have is given by who asks, so that it can be told before there is a user.
struct request_registration {
  std::string user_id;
  std::string auth0_id;
  std::string github_id;
  std::string github_username;
  std::optional<std::string> name;
  std::optional<std::string> avatar_url;
};

// ---- what can happen

struct registration_requested {
  std::string user_id;
  std::string auth0_id;
  std::string github_id;
  std::string github_username;
  std::optional<std::string> name;
  std::optional<std::string> avatar_url;
};

// ---- what it is: once requested, it is what its event says

struct registration {
  bool requested = false;
};

// ---- the rules (registration_rules.cpp)

/// Refused are identities that cannot be claimed; whether the rest will do is for the user to say, and is recorded when it will not.
evoke::decision<registration_requested> decide(registration const&, request_registration const&, evoke::context const&);

void evolve(registration&, registration_requested const&);

// ---- their names to the outside, for ever

BOOST_DESCRIBE_STRUCT(request_registration, (), (user_id, auth0_id, github_id, github_username, name, avatar_url))
BOOST_DESCRIBE_STRUCT(registration_requested, (), (user_id, auth0_id, github_id, github_username, name, avatar_url))
BOOST_DESCRIBE_STRUCT(registration, (), (requested))

constexpr auto describe(evoke::type<registration>) {
  return evoke::aggregate<registration>("registration")
      .command<request_registration>("request_registration")
      .event<registration_requested>("registration_requested");
}

}  // namespace users
