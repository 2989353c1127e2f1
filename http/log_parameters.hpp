#pragma once

#include "http/incoming.hpp"

#include <evoke/query.hpp>
#include <evoke/result.hpp>

#include <optional>

/// What pages and live feeds of the log read alike. Every failure is invalid_argument and names the parameter or header.
namespace evoke::http {

/// aggregate_type and event_type (repeatable, or lists with commas), correlation_id, id_prefix.
[[nodiscard]] result<log_filter> read_log_filter(incoming const& request);

/// `after`: opaque to clients; that it is a position today is nobody's business but ours. nullopt when absent.
[[nodiscard]] result<std::optional<position>> read_after_parameter(incoming const& request);

/// Where a client that was here before goes on: `Last-Event-ID`, which browsers send with the query of their first request, so that it goes
/// before `after`. nullopt when both are absent.
[[nodiscard]] result<std::optional<position>> read_resume_position(incoming const& request);

}  // namespace evoke::http
