#pragma once

#include <cstddef>
#include <string_view>

namespace evoke {

/// How many bytes at the beginning are well-formed UTF-8 (Unicode 15, table 3-7: no overlong forms, no surrogates, nothing beyond
/// U+10FFFF). text.size() when all of it is.
[[nodiscard]] std::size_t utf8_prefix(std::string_view text) noexcept;

[[nodiscard]] inline bool is_utf8(std::string_view text) noexcept {
  return utf8_prefix(text) == text.size();
}

/// Takes the first code point off `text`, which must be well-formed and not empty.
[[nodiscard]] char32_t take_code_point(std::string_view& text) noexcept;

}  // namespace evoke
