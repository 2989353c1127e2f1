#pragma once

#include "users/identification.hpp"

#include <evoke/http/server.hpp>

#include <vector>

/// The one list of what evoke-server serves: a new domain is added here and nowhere else.
namespace server {

[[nodiscard]] evoke::result<evoke::registry> domain_types();

/// The domains' own routes. Both must outlive the server that answers them. @param people who those are that want to become users.
[[nodiscard]] std::vector<evoke::http::route> domain_routes(evoke::runtime& served, users::identification& people);

}  // namespace server
