#pragma once

#include <evoke/registry.hpp>

#include <string>
#include <vector>

#include "persistence/journal.hpp"

/// What a store says of the events in it: the JSON Schema of every event and schema version that a program which had it open could store,
/// and of the former ones that it read.
namespace evoke::detail {

struct catalogue_findings {
  std::vector<std::string> unreadable;           ///< what of the stored events this program cannot read, each with its remedy
  std::vector<persistence::row_change> changes;  ///< what to write when it can read all
};

/// Changes nothing. @returns corrupt, io_error.
[[nodiscard]] result<catalogue_findings> compare_catalogue(registry const& types, persistence::journal const& store);

/// Before anything is served. @returns incompatible_store with all that is unreadable, one a line; corrupt, io_error, storage_full.
[[nodiscard]] result<void> keep_catalogue(registry const& types, persistence::journal& store);

}  // namespace evoke::detail
