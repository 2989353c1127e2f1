#pragma once

#include <evoke/metadata.hpp>
#include <evoke/result.hpp>

#include <optional>
#include <string>

namespace evoke::detail {

/// Holds metadata and key to their limits (metadata.hpp) and to UTF-8, and minifies `extra` in place.
/// @returns invalid_argument or limit_exceeded naming the field.
[[nodiscard]] result<void> check_limits(metadata& meta, std::optional<std::string> const& key);

}  // namespace evoke::detail
