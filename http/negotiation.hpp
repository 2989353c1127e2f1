#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

namespace evoke::http {

/// Which of `offers` (in the server's order of preference, e.g. "application/json") the client likes best by its `Accept` field (RFC 9110,
/// section 12.5.1): the highest weight, then the earlier offer. "" = anything. nullopt = none: 406. Media parameters other than q are
/// not compared; a range that does not parse is read past.
[[nodiscard]] std::optional<std::size_t> negotiate(std::string_view accept, std::span<std::string_view const> offers) noexcept;

/// Whether a body of this `Content-Type` may be read as JSON: application/json or application/*+json, in UTF-8. "" = not said, which is
/// taken for JSON.
[[nodiscard]] bool is_json_type(std::string_view content_type) noexcept;

}  // namespace evoke::http
