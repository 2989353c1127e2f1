#pragma once

#include "bench/load/findings.hpp"

#include <string>

namespace evoke::load {

/// The whole run as one JSON object with a line end; docs/load.md says what each member means.
[[nodiscard]] std::string report_json(assignment const& todo, findings const& found);

/// The same for a person: some lines, the last with a line end.
[[nodiscard]] std::string report_table(assignment const& todo, findings const& found);

/// What a person must know before believing the figures, a line each: lost answers, errors, a rate that was not reached. Empty = nothing.
[[nodiscard]] std::string report_troubles(assignment const& todo, findings const& found);

/// All was measured: no answer lost, no early end, and at least one operation was not an error.
[[nodiscard]] bool all_measured(findings const& found);

}  // namespace evoke::load
