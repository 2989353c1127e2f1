#include "http/raw_append.hpp"

#include <evoke/json/document.hpp>
#include <evoke/json/field_errors.hpp>
#include <evoke/json/writer.hpp>

#include <algorithm>
#include <array>
#include <set>

namespace evoke::http {
namespace {

constexpr std::array<std::string_view, 5> reserved_metadata{"correlation_id", "causation_id", "user", "traceparent", "tracestate"};

std::string minified(json::value from) {
  std::string text;
  json::writer{text}.copy(from);
  return text;
}

void read_metadata(json::value from, raw_event& into, json::field_errors& errors) {
  if (!from.is_object()) return errors.wrong_kind(from, "an object");
  for (auto const& [name, value] : from.members())
    if (std::ranges::find(reserved_metadata, name) != reserved_metadata.end())
      errors.add(value, "this name is the server's own; correlation and causation come by the headers Correlation-Id and Causation-Id");
  into.extra = minified(from);
}

void read_member(std::string_view name, json::value value, raw_event& into, json::field_errors& errors) {
  if (name == "event_type") {
    auto const text = value.as_string();
    if (!text) return errors.wrong_kind(value, "a string");
    if (auto checked = event_type::parse(*text); !checked) return errors.add(value, checked.error().message);
    into.type = *text;
  } else if (name == "event_id") {
    auto const text = value.as_string();
    auto const id = text ? uuid::parse(*text) : fail(errc::invalid_argument, "");
    if (!id || id->is_nil()) return errors.add(value, "must be a UUID, and not the nil one");
    into.id = *id;
  } else if (name == "data") {
    into.data = minified(value);
  } else if (name == "metadata") {
    read_metadata(value, into, errors);
  }
}

raw_event read_event(json::value from, json::field_errors& errors) {
  raw_event made;
  if (!from.is_object()) {
    errors.wrong_kind(from, "an object");
    return made;
  }
  constexpr std::array<std::string_view, 4> known{"event_type", "event_id", "data", "metadata"};
  for (auto const& [name, value] : from.members()) {
    if (std::ranges::find(known, name) == known.end())
      errors.unknown(from, name);
    else
      read_member(name, value, made, errors);
  }
  for (std::string_view const name : {"event_type", "data"})
    if (!from.find(name)) errors.missing(from, name);
  return made;
}

result<void> check_sizes(std::vector<raw_event> const& events, limits const& most) {
  std::size_t all = 0;
  for (std::size_t i = 0; i < events.size(); ++i) {
    auto const size = events[i].data.size();
    all += size;
    if (size > most.max_payload_bytes)
      return fail(errc::limit_exceeded, "event " + std::to_string(i) + " has " + std::to_string(size) + " bytes of data, the limit is " +
                                            std::to_string(most.max_payload_bytes));
  }
  if (all > most.max_command_bytes)
    return fail(errc::limit_exceeded,
                "the events have " + std::to_string(all) + " bytes of data, the limit is " + std::to_string(most.max_command_bytes));
  return {};
}

}  // namespace

result<std::vector<raw_event>> parse_raw_events(std::string_view body, limits const& most) {
  json::document document;
  auto const root = document.parse(body, most.max_json_depth);
  if (!root) return std::unexpected(root.error());
  json::field_errors errors;
  if (!root->is_array()) {
    errors.wrong_kind(*root, "an array of events");
    return std::unexpected(std::move(errors).to_failure());
  }
  if (root->size() == 0) {
    errors.add(*root, "must hold at least one event");
    return std::unexpected(std::move(errors).to_failure());
  }
  if (root->size() > most.max_events_per_command)
    return fail(errc::limit_exceeded, "more than " + std::to_string(most.max_events_per_command) + " events in one append");
  std::vector<raw_event> events;
  events.reserve(root->size());
  std::set<event_id> ids;
  for (auto const each : root->elements()) {
    events.push_back(read_event(each, errors));
    auto const& id = events.back().id;
    if (id && !ids.insert(*id).second) errors.add(*each.find("event_id"), "stands twice in this batch");
  }
  if (!errors.empty()) return std::unexpected(std::move(errors).to_failure());
  if (auto checked = check_sizes(events, most); !checked) return std::unexpected(std::move(checked.error()));
  return events;
}

}  // namespace evoke::http
