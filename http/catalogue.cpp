#include "http/catalogue.hpp"

#include <evoke/json/writer.hpp>

namespace evoke::http {
namespace {

void write_commands(json::writer& out, aggregate_definition const& type) {
  out.begin_array();
  for (auto const& each : type.commands()) {
    if (each.internal) continue;
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

std::string_view name_of(field_order order) noexcept {
  switch (order) {
    case field_order::boolean: return "boolean";
    case field_order::signed_number: return "signed_number";
    case field_order::unsigned_number: return "unsigned_number";
    case field_order::text: return "text";
    case field_order::time: return "time";
  }
  return "?";
}

void write_indexes(json::writer& out, projection_definition const& projection) {
  out.begin_array();
  for (auto const& index : projection.indexes()) {
    out.begin_object();
    out.plain_key("index"), out.string(index.name);
    out.plain_key("fields"), out.begin_array();
    for (auto const& field : index.fields) {
      out.begin_object();
      out.plain_key("field"), out.string(field.name);
      out.plain_key("order"), out.string(name_of(field.order));
      out.plain_key("optional"), out.boolean(field.optional);
      out.end_object();
    }
    out.end_array();
    out.end_object();
  }
  out.end_array();
}

void write_sources(json::writer& out, projection_definition const& projection) {
  out.begin_array();
  for (auto const& source : projection.sources()) {
    out.begin_object();
    out.plain_key("aggregate_type"), out.string(source.type.str());
    out.plain_key("event_types"), out.begin_array();
    for (auto const& event : source.events) out.string(event.str());
    out.end_array();
    out.end_object();
  }
  out.end_array();
}

void write_projection(json::writer& out, projection_definition const& projection) {
  out.begin_object();
  out.plain_key("projection"), out.string(projection.name());
  out.plain_key("version"), out.integer(projection.version());
  out.plain_key("keys"), out.string(projection.keys() == key_rule::by_aggregate ? "by_aggregate" : "free");
  out.plain_key("sources"), write_sources(out, projection);
  out.plain_key("indexes"), write_indexes(out, projection);
  out.plain_key("document_schema"), out.raw(projection.document_schema());
  out.end_object();
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
  out.plain_key("projections"), out.begin_array();
  for (auto const& projection : types.projections()) write_projection(out, *projection);
  out.end_array();
  out.end_object();
  return text;
}

}  // namespace evoke::http
