#pragma once

#include <evoke/time.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace evoke::http {

/// Appends RFC 9110's IMF-fixdate, "Sun, 06 Nov 1994 08:49:37 GMT"; fractions of a second are cut.
void append_http_date(timestamp time, std::string& out);

/// Reads any of the three forms a recipient must know (RFC 9110, section 5.6.7). nullopt = none of them.
[[nodiscard]] std::optional<timestamp> parse_http_date(std::string_view text) noexcept;

}  // namespace evoke::http
