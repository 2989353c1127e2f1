#pragma once

#include <evoke/command.hpp>
#include <evoke/options.hpp>
#include <evoke/result.hpp>

#include <string_view>
#include <vector>

namespace evoke::http {

/// Reads the body of a raw append: `[{"event_id"?, "event_type", "data", "metadata"?}]`. Payloads keep their numbers as written.
/// @returns malformed with a pointer for each field that does not fit; limit_exceeded for more events, or larger ones, than a stream takes.
[[nodiscard]] result<std::vector<raw_event>> parse_raw_events(std::string_view body, limits const& most);

}  // namespace evoke::http
