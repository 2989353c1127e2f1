#include "http/catalogue.hpp"

#include <evoke/json/writer.hpp>

namespace evoke::http {
namespace {

void write_commands(json::writer& out, aggregate_definition const& type) {
  out.begin_array();
  for (auto const& each : type.commands()) {
    out.begin_object();
    out.plain_key("command"), out.string(each.name.str());
    out.plain_key("event_types"), out.begin_array();
    for (auto const& name : each.event_names) out.string(name);
    out.end_array();
    out.plain_key("schema"), out.raw(each.schema);
    out.end_object();
  }
  out.end_array();
}

void write_events(json::writer& out, aggregate_definition const& type) {
  out.begin_array();
  for (auto const& each : type.events()) {
    out.begin_object();
    out.plain_key("event_type"), out.string(each.name.str());
    out.plain_key("schema_version"), out.integer(each.schema_version);
    out.plain_key("schema"), out.raw(each.schema);
    out.end_object();
  }
  out.end_array();
}

}  // namespace

std::string render_catalogue(registry const& types) {
  std::string text;
  json::writer out{text};
  out.begin_object();
  out.plain_key("aggregate_types"), out.begin_array();
  for (auto const& type : types.all()) {
    out.begin_object();
    out.plain_key("aggregate_type"), out.string(type->type().str());
    out.plain_key("requires_precondition"), out.boolean(type->settings().requires_precondition);
    out.plain_key("state_schema"), out.raw(type->state_schema());
    out.plain_key("commands"), write_commands(out, *type);
    out.plain_key("events"), write_events(out, *type);
    out.end_object();
  }
  out.end_array();
  out.end_object();
  return text;
}

}  // namespace evoke::http
