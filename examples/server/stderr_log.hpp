#pragma once

#include <evoke/options.hpp>

#include <string>
#include <string_view>

namespace server {

/// "2026-01-31T09:26:53.000123Z info  text\n". Control characters in the text become spaces, so that one call is one line.
[[nodiscard]] std::string log_line(evoke::timestamp time, evoke::log_level level, std::string_view text);

/// Writes lines of at least `least` to standard error, each at once. May be called from any thread.
[[nodiscard]] evoke::log_sink stderr_log(evoke::log_level least);

}  // namespace server
