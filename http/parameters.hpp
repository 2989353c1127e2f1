#pragma once

#include "http/incoming.hpp"

#include <evoke/metadata.hpp>
#include <evoke/result.hpp>
#include <evoke/time.hpp>

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Query parameters and headers that several routes read. Every failure is invalid_argument and names the parameter.
namespace evoke::http {

/// Decimal digits only, in 64 bits.
[[nodiscard]] std::optional<std::uint64_t> parse_number(std::string_view text) noexcept;

/// Fails for a parameter that is none of `known`, and for one that is given twice without being in `repeatable`: a misspelt filter must not
/// silently mean "everything".
[[nodiscard]] result<void> check_query(incoming const& request, std::initializer_list<std::string_view> known,
                                       std::initializer_list<std::string_view> repeatable = {});

/// `limit`: at least 1, cut to `most`; `standard` when absent.
[[nodiscard]] result<std::size_t> read_limit(incoming const& request, std::size_t standard, std::size_t most);

/// A number, nullopt when absent.
[[nodiscard]] result<std::optional<std::uint64_t>> read_number(incoming const& request, std::string_view name);

/// An RFC 3339 time, nullopt when absent. A space where the offset begins is read as the '+' that a client forgot to escape.
[[nodiscard]] result<std::optional<timestamp>> read_time(incoming const& request, std::string_view name);

/// `true` or `false`, or the bare name for true; false when absent.
[[nodiscard]] result<bool> read_flag(incoming const& request, std::string_view name);

/// Every value of a parameter that may be repeated or hold a list with commas.
[[nodiscard]] std::vector<std::string> read_list(incoming const& request, std::string_view name);

/// An id that a client gives to a flow: 1-128 bytes of UTF-8.
[[nodiscard]] result<void> check_flow_id(std::string_view name, std::string_view text);

/// traceparent and tracestate, each dropped when it is malformed; a state without a parent belongs to no trace.
void set_trace(metadata& into, std::string_view traceparent, std::string_view tracestate);

/// Correlation-Id, Causation-Id, traceparent and tracestate.
[[nodiscard]] result<metadata> read_metadata(incoming const& request);

}  // namespace evoke::http
