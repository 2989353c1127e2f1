#pragma once

#include <evoke/query.hpp>
#include <evoke/result.hpp>

#include <cstddef>

#include "persistence/journal.hpp"

namespace evoke::detail {

/// What led to an event and what followed from it, breadth first until nothing is new or there are `limit` events. Blocks on the disk.
/// @returns not_found, corrupt, io_error.
[[nodiscard]] result<causation_graph> explore_causation(persistence::journal const& store, causation_request const& request,
                                                        std::size_t limit);

}  // namespace evoke::detail
