#pragma once

#include "user.hpp"

#include <optional>
#include <string>

/// The read model `users`: who is registered, looked up by any of their identities. One document each, keyed by the user's id.
namespace users {

// Boost.Describe's names are the members' names, and they are the names in JSON. The clients of such services expect camelCase there, so
// these members are written in it.

struct user_view {
  std::string id;
  std::string auth0Id;
  std::string githubId;
  std::string githubUsername;
  std::string displayName;
  std::optional<std::string> avatarUrl;
  std::string status;            ///< "active"
  evoke::timestamp createdAt{};  ///< when the user was registered
  evoke::timestamp updatedAt{};  ///< the same: nothing changes a user yet
  evoke::version version{};      ///< of the aggregate
};

// (user_view.cpp)

void project(evoke::view<user_view>&, user_registered const&);

BOOST_DESCRIBE_STRUCT(user_view, (), (id, auth0Id, githubId, githubUsername, displayName, avatarUrl, status, createdAt, updatedAt, version))

constexpr auto describe(evoke::type<user_view>) {
  return evoke::projection<user_view>("users", 1)
      .from<user>()
      .index<&user_view::auth0Id>("auth0Id")
      .index<&user_view::githubId>("githubId")
      .index<&user_view::githubUsername>("githubUsername");
}

}  // namespace users
