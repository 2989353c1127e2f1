#pragma once

#include <evoke/http/server.hpp>
#include <evoke/registry.hpp>

#include <string>
#include <vector>

namespace evoke::http {

/// The body of GET /openapi.json: OpenAPI 3.1, made from the generic routes, the registered types and the custom routes.
[[nodiscard]] std::string render_openapi(registry const& types, std::vector<route> const& custom, server_options const& options);

}  // namespace evoke::http
