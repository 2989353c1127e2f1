#pragma once

#include <evoke/http/server.hpp>

#include <string>
#include <vector>

namespace circles {

/// The routes that clients of the circles service know, beside the generic API:
///
///     GET  /version       200 text
///     POST /circle        {circle_name, capacity}             201 {"circle_id"}; 400 a rule
///     PUT  /circle/{id}   {circle_name?, capacity?, version}  200 {"circle_id"}; 400 a rule, 404 unknown, 409 version differs
///     GET  /circle/{id}   200 {"circle_id","circle_name","capacity","version"}; 404
///     GET  /circle        200 an array of these, by id; ?limit=N and the Link header lead from page to page. Needs the projection
///     `circles`
///
/// @param served must outlive the server that answers these routes.
/// @param version what GET /version says.
[[nodiscard]] std::vector<evoke::http::route> circle_routes(evoke::runtime& served, std::string version);

}  // namespace circles
