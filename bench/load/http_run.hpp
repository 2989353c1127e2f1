#pragma once

#include "bench/load/findings.hpp"

#include "replay/url.hpp"

namespace evoke::load {

/// One run against a server over HTTP, on the calling thread: prepares, warms up, measures.
/// @returns invalid_argument for what cannot be asked over HTTP so; io_error when the server is not there or what the workload needs cannot
/// be prepared. A server that goes in mid-run is no failure of this function: findings::trouble says so.
[[nodiscard]] result<findings> run_over_http(assignment const& todo, replay::server_address const& server, onlooker const& watch);

}  // namespace evoke::load
