#pragma once

#include <evoke/http/server.hpp>

#include <vector>

/// The one list of what evoke-server serves: a new domain is added here and nowhere else.
namespace server {

[[nodiscard]] evoke::result<evoke::registry> domain_types();

/// The domains' own routes. `served` must outlive the server that answers them.
[[nodiscard]] std::vector<evoke::http::route> domain_routes(evoke::runtime& served);

}  // namespace server
