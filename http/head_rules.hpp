#pragma once

#include "http/incoming.hpp"

#include <cstddef>
#include <string_view>

/// What RFC 9112 demands of a request's head and Beast's parser lets through: each is a way to make two servers see different requests in
/// the same bytes.
namespace evoke::http {

inline constexpr std::size_t max_header_lines = 100;
inline constexpr std::size_t max_chunk_extension_bytes = 256;  ///< of one chunk

/// Checks the raw head, request line to empty line: every line ends in CRLF, no bare CR or LF, no NUL, no folded line, at most
/// max_header_lines. @returns an empty text, or what is wrong.
[[nodiscard]] std::string_view check_raw_head(std::string_view head) noexcept;

/// Whether the head has more lines than max_header_lines (431 rather than 400).
[[nodiscard]] bool too_many_lines(std::string_view head) noexcept;

/// Checks the parsed head: exactly one well-formed Host (HTTP/1.0: at most one), Transfer-Encoding only on HTTP/1.1, once, exactly
/// `chunked` and without Content-Length, Content-Length once and digits only. @returns an empty text, or what is wrong.
[[nodiscard]] std::string_view check_fields(incoming const& head) noexcept;

}  // namespace evoke::http
