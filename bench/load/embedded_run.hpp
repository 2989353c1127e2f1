#pragma once

#include "bench/load/findings.hpp"

namespace evoke::load {

/// One run against the library in this process, with the domains that evoke-server serves: as run_over_http, without HTTP. A closed loop's
/// callers are callbacks: each makes its next call on the worker that answered it, so that no thread of this tool stands between. At a
/// rate the calling thread makes the calls.
/// @returns what runtime::start does; invalid_argument for an operation that there is only over HTTP (get); what preparing met.
[[nodiscard]] result<findings> run_embedded(assignment const& todo, onlooker const& watch);

}  // namespace evoke::load
