#include "http/log_parameters.hpp"

#include "http/parameters.hpp"

namespace evoke::http {
namespace {

template <class Name>
result<std::vector<std::string>> read_names(incoming const& request, std::string_view parameter) {
  auto names = read_list(request, parameter);
  for (auto const& each : names)
    if (auto checked = Name::parse(each); !checked)
      return fail(errc::invalid_argument, std::string(parameter) + ": " + checked.error().message);
  return names;
}

}  // namespace

result<log_filter> read_log_filter(incoming const& request) {
  auto types = read_names<aggregate_type>(request, "aggregate_type");
  if (!types) return std::unexpected(std::move(types.error()));
  auto event_types = read_names<event_type>(request, "event_type");
  if (!event_types) return std::unexpected(std::move(event_types.error()));
  return log_filter{*std::move(types), *std::move(event_types), std::string(request.query("id_prefix")),
                    std::string(request.query("correlation_id"))};
}

result<std::optional<position>> read_after_parameter(incoming const& request) {
  auto const text = request.find_query("after");
  if (!text) return std::optional<position>{};
  auto const value = parse_number(*text);
  if (!value) return fail(errc::invalid_argument, "after: not a cursor of this log");
  return std::optional(position{*value});
}

result<std::optional<position>> read_resume_position(incoming const& request) {
  auto const text = request.find_header("Last-Event-ID");
  if (!text) return read_after_parameter(request);
  auto const value = parse_number(*text);
  if (!value) return fail(errc::invalid_argument, "Last-Event-ID: not an id of this feed");
  return std::optional(position{*value});
}

}  // namespace evoke::http
