#include "http/parameters.hpp"

#include "http/field_text.hpp"
#include "http/trace_context.hpp"

#include <evoke/utf8.hpp>

#include <algorithm>
#include <charconv>

namespace evoke::http {
namespace {

constexpr std::size_t max_id_bytes = 128;

std::unexpected<failure> wrong(std::string_view name, std::string_view rule) {
  return fail(errc::invalid_argument, std::string(name).append(": ").append(rule));
}

result<std::string> read_id(incoming const& request, std::string_view name) {
  auto const found = request.find_header(name);
  if (!found) return std::string{};
  if (auto checked = check_flow_id(name, *found); !checked) return std::unexpected(std::move(checked.error()));
  return std::string(*found);
}

}  // namespace

std::optional<std::uint64_t> parse_number(std::string_view text) noexcept {
  std::uint64_t value = 0;
  auto const* end = text.data() + text.size();
  auto const [stopped, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc{} || stopped != end) return std::nullopt;
  return value;
}

result<void> check_query(incoming const& request, std::initializer_list<std::string_view> known,
                         std::initializer_list<std::string_view> repeatable) {
  if (auto const unknown = request.unknown_query(known); unknown.data() != nullptr) {
    std::string list;
    for (auto const each : known) list.append(list.empty() ? "" : ", ").append(each);
    return wrong(unknown.empty() ? "a parameter without a name" : unknown,
                 list.empty() ? "this route takes no parameters" : "is not a parameter of this route; it takes " + list);
  }
  for (auto const name : known)
    if (request.query_count(name) > 1 && std::ranges::find(repeatable, name) == repeatable.end())
      return wrong(name, "may be given only once");
  return {};
}

result<std::size_t> read_limit(incoming const& request, std::size_t standard, std::size_t most) {
  auto const text = request.find_query("limit");
  if (!text) return std::min(standard, most);
  auto const value = parse_number(*text);
  if (!value || *value == 0) return wrong("limit", "a number from 1");
  return static_cast<std::size_t>(std::min<std::uint64_t>(*value, most));
}

result<std::optional<std::uint64_t>> read_number(incoming const& request, std::string_view name) {
  auto const text = request.find_query(name);
  if (!text) return std::optional<std::uint64_t>{};
  auto const value = parse_number(*text);
  if (!value) return wrong(name, "a number is expected");
  return value;
}

result<std::optional<timestamp>> read_time(incoming const& request, std::string_view name) {
  auto const found = request.find_query(name);
  if (!found) return std::optional<timestamp>{};
  std::string text(*found);
  if (auto const space = text.find(' '); space != std::string::npos && space > 10) text[space] = '+';
  auto const time = parse_rfc3339(text);
  if (!time) return wrong(name, "a time is written as in 2026-01-31T09:26:53Z");
  return std::optional<timestamp>{*time};
}

result<bool> read_flag(incoming const& request, std::string_view name) {
  auto const text = request.find_query(name);
  if (!text || *text == "false" || *text == "0") return false;
  if (text->empty() || *text == "true" || *text == "1") return true;
  return wrong(name, "true or false");
}

std::vector<std::string> read_list(incoming const& request, std::string_view name) {
  std::vector<std::string> list;
  for (auto values : request.query_values(name))
    while (!values.empty()) {
      auto const comma = std::min(values.find(','), values.size());
      if (auto const value = trimmed(values.substr(0, comma)); !value.empty()) list.emplace_back(value);
      values.remove_prefix(std::min(comma + 1, values.size()));
    }
  return list;
}

result<void> check_flow_id(std::string_view name, std::string_view text) {
  if (text.empty() || text.size() > max_id_bytes) return wrong(name, "1 to 128 bytes");
  if (!is_utf8(text)) return wrong(name, "is not UTF-8");
  return {};
}

void set_trace(metadata& into, std::string_view traceparent, std::string_view tracestate) {
  into.traceparent = valid_traceparent(traceparent);
  into.tracestate = into.traceparent.empty() ? std::string_view{} : valid_tracestate(tracestate);
}

result<metadata> read_metadata(incoming const& request) {
  metadata made;
  auto correlation = read_id(request, "Correlation-Id");
  if (!correlation) return std::unexpected(std::move(correlation.error()));
  auto causation = read_id(request, "Causation-Id");
  if (!causation) return std::unexpected(std::move(causation.error()));
  made.correlation_id = *std::move(correlation);
  made.causation_id = *std::move(causation);
  set_trace(made, request.header("traceparent"), request.header("tracestate"));
  return made;
}

}  // namespace evoke::http
