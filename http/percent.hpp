#pragma once

#include <string>
#include <string_view>

namespace evoke::http {

/// How '+' is read: in a path it is itself, in a query it is a space, as forms and most client libraries write it.
enum class plus_sign { literal, space };

/// Appends `encoded` to `out` with its percent-escapes undone. @returns false when an escape is broken, stands for NUL, or the result
/// is not UTF-8; `out` then holds part of it.
[[nodiscard]] bool percent_decode(std::string_view encoded, plus_sign plus, std::string& out);

/// Appends `text` with everything escaped but RFC 3986's unreserved characters: fit for one path segment or query value.
void percent_encode(std::string_view text, std::string& out);

}  // namespace evoke::http
