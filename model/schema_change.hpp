#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace evoke::json {

/// Whether whatever fits the JSON Schema `before` also fits `now`, and means the same: both are as json::schema writes them, and the only
/// difference is fields that were added and may be absent, at any depth.
/// @returns the first other difference, "/lines/price: the field is gone"; nullopt when there is none.
[[nodiscard]] std::optional<std::string> incompatible_change(std::string_view before, std::string_view now);

}  // namespace evoke::json
