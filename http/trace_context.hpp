#pragma once

#include <string_view>

/// W3C Trace Context as far as it is stored. What is malformed is not refused: the trace starts anew, that is, it is dropped.
namespace evoke::http {

/// The part of `traceparent` to store (55 bytes), or "" when it is malformed. A later version of the header is read as version 00 is.
[[nodiscard]] std::string_view valid_traceparent(std::string_view field) noexcept;

/// `tracestate` as it came, or "" when it is malformed, longer than 512 bytes or has more than 32 members.
[[nodiscard]] std::string_view valid_tracestate(std::string_view field) noexcept;

}  // namespace evoke::http
