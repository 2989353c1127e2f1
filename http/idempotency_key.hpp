#pragma once

#include <evoke/result.hpp>

#include <string>
#include <string_view>

namespace evoke::http {

/// Reads `Idempotency-Key`: a structured-field string (RFC 8941), `"8e03-978e"`, or the same text bare, as long as it is made of
/// token characters, `:` and `/`. Parameters behind a `;` are read past. @returns invalid_argument for anything else, and for a key
/// that is empty or longer than 128 bytes.
[[nodiscard]] result<std::string> parse_idempotency_key(std::string_view field);

/// The rule that a key itself keeps: 1 to 128 bytes of printable ASCII. @returns invalid_argument.
[[nodiscard]] result<void> check_idempotency_key(std::string_view key);

}  // namespace evoke::http
