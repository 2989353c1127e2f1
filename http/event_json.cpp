#include "http/event_json.hpp"

#include "http/json_text.hpp"

#include <array>
#include <charconv>

namespace evoke::http {
namespace {

constexpr std::array<std::string_view, 5> own_names{"correlation_id", "causation_id", "user", "traceparent", "tracestate"};

/// Free-form metadata stands beside ours in one object, unless a name of ours is (or might be, for a nested one) in it too.
bool names_one_of_ours(std::string_view extra) {
  for (auto const name : own_names)
    for (auto at = extra.find(name); at != std::string_view::npos; at = extra.find(name, at + 1))
      if (at > 0 && extra[at - 1] == '"' && extra.substr(at + name.size()).starts_with("\":")) return true;
  return false;
}

void append_metadata(std::string& out, metadata const& meta) {
  out.append("{");
  append_member(out, "correlation_id", meta.correlation_id);
  append_member(out, "causation_id", meta.causation_id);
  if (!meta.user.empty()) append_member(out, "user", meta.user);
  if (!meta.traceparent.empty()) append_member(out, "traceparent", meta.traceparent);
  if (!meta.tracestate.empty()) append_member(out, "tracestate", meta.tracestate);
  if (meta.extra.size() > 2) {  // more than {}
    if (names_one_of_ours(meta.extra))
      append_json_member(out, "extra", meta.extra);
    else
      out.append(",").append(meta.extra, 1, meta.extra.size() - 2);
  }
  out.append("}");
}

void append_sequence(std::string& out, std::uint64_t position) {
  std::array<char, 20> digits{};
  auto const end = std::to_chars(digits.data(), digits.data() + digits.size(), position).ptr;
  auto const size = static_cast<std::size_t>(end - digits.data());
  out.append("\"").append(digits.size() - size, '0').append(digits.data(), size).append("\"");
}

void append_part(std::string& out, recorded_event const& event) {
  if (event.parts == 1) return;
  append_member(out, "part", std::uint64_t{event.part});
  append_member(out, "parts", std::uint64_t{event.parts});
}

}  // namespace

void append_event(std::string& out, recorded_event const& event) {
  out.append("{\"event_id\":\"");
  append_uuid(out, event.id);
  out.append("\"");
  append_member(out, "event_type", event.type.str());
  append_member(out, "schema_version", std::uint64_t{event.schema_version});
  append_member(out, "aggregate_type", event.stream_type.str());
  append_member(out, "aggregate_id", event.stream_id.str());
  append_member(out, "version", event.version.value());
  append_member(out, "position", event.position.value());
  append_member(out, "time", to_rfc3339(event.time));
  append_json_member(out, "data", event.data);
  append_name(out, "metadata");
  append_metadata(out, event.meta);
  append_part(out, event);
  out.append("}");
}

void append_cloudevent(std::string& out, recorded_event const& event) {
  out.append("{\"specversion\":\"1.0\",\"id\":\"");
  append_uuid(out, event.id);
  if (event.parts > 1) out.append("/"), append_number(out, event.part);
  out.append("\"");
  append_member(out, "source", "/v1/streams/" + event.stream_type.str());
  append_member(out, "type", event.type.str());
  append_member(out, "subject", event.stream_id.str());
  append_member(out, "time", to_rfc3339(event.time));
  append_member(out, "datacontenttype", "application/json");
  append_json_member(out, "data", event.data);
  append_member(out, "correlationid", event.meta.correlation_id);
  append_member(out, "causationid", event.meta.causation_id);
  if (!event.meta.traceparent.empty()) append_member(out, "traceparent", event.meta.traceparent);
  if (!event.meta.tracestate.empty()) append_member(out, "tracestate", event.meta.tracestate);
  append_name(out, "sequence");
  append_sequence(out, event.position.value());
  append_part(out, event);
  out.append("}");
}

}  // namespace evoke::http
