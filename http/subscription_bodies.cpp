#include "http/subscription_bodies.hpp"

#include "http/event_json.hpp"
#include "http/json_text.hpp"
#include "http/parameters.hpp"

#include <evoke/json.hpp>

#include <boost/describe.hpp>

namespace evoke::http {
namespace {

using std::chrono::milliseconds;

struct filter_fields {
  std::optional<std::vector<std::string>> aggregate_types;
  std::optional<std::vector<std::string>> event_types;
  std::optional<std::string> id_prefix;
  std::optional<std::string> correlation_id;
};
BOOST_DESCRIBE_STRUCT(filter_fields, (), (aggregate_types, event_types, id_prefix, correlation_id))

struct settings_fields {
  std::optional<filter_fields> filter;
  std::optional<std::string> after;
  std::optional<std::uint32_t> lease_ms;
  std::optional<std::uint32_t> retry_delay_ms;
  std::optional<std::uint32_t> max_attempts;
  std::optional<std::uint32_t> max_unacknowledged;
  std::optional<bool> hold_aggregate;
  std::optional<bool> raw;
};
BOOST_DESCRIBE_STRUCT(settings_fields, (), (filter, after, lease_ms, retry_delay_ms, max_attempts, max_unacknowledged, hold_aggregate, raw))

struct ack_fields {
  std::string lease;
  std::optional<std::vector<uuid>> events;
};
BOOST_DESCRIBE_STRUCT(ack_fields, (), (lease, events))

enum class action_name : std::uint8_t { retry, park, skip };
BOOST_DESCRIBE_ENUM(action_name, retry, park, skip)

struct nack_fields {
  std::string lease;
  std::optional<std::vector<uuid>> events;
  std::optional<action_name> action;
  std::optional<std::string> reason;
};
BOOST_DESCRIBE_STRUCT(nack_fields, (), (lease, events, action, reason))

nack_action action_of(action_name name) noexcept {
  switch (name) {
    case action_name::park: return nack_action::park;
    case action_name::skip: return nack_action::skip;
    case action_name::retry: break;
  }
  return nack_action::retry;
}

void append_strings(std::string& out, std::string_view name, std::vector<std::string> const& all) {
  append_name(out, name);
  out.append("[");
  for (auto const& each : all) {
    if (out.back() != '[') out.append(",");
    append_string(out, each);
  }
  out.append("]");
}

void append_id_member(std::string& out, std::string_view name, uuid const& id) {
  append_name(out, name);
  out.append("\"");
  append_uuid(out, id);
  out.append("\"");
}

}  // namespace

result<subscription_body> read_subscription(std::string_view body) {
  auto fields = json::decode<settings_fields>(body);
  if (!fields) return std::unexpected(std::move(fields.error()));
  subscription_body made;
  auto& into = made.settings;
  if (fields->filter)
    into.filter = {std::move(fields->filter->aggregate_types).value_or(std::vector<std::string>{}),
                   std::move(fields->filter->event_types).value_or(std::vector<std::string>{}),
                   std::move(fields->filter->id_prefix).value_or(""), std::move(fields->filter->correlation_id).value_or("")};
  if (fields->after == "now") {
    made.from_now = true;
  } else if (fields->after) {
    auto const position = parse_number(*fields->after);
    if (!position) return fail(errc::invalid_argument, "after: neither a cursor of this log nor \"now\"");
    into.after = evoke::position{*position};
  }
  if (fields->lease_ms) into.lease = milliseconds(*fields->lease_ms);
  if (fields->retry_delay_ms) into.retry_delay = milliseconds(*fields->retry_delay_ms);
  into.max_attempts = fields->max_attempts.value_or(into.max_attempts);
  into.max_unacknowledged = fields->max_unacknowledged.value_or(into.max_unacknowledged);
  into.hold_aggregate = fields->hold_aggregate.value_or(into.hold_aggregate);
  into.raw = fields->raw.value_or(into.raw);
  return made;
}

result<settle_body> read_ack(std::string_view body) {
  auto fields = json::decode<ack_fields>(body);
  if (!fields) return std::unexpected(std::move(fields.error()));
  return settle_body{std::move(fields->lease), std::move(fields->events).value_or(std::vector<uuid>{}), {}, {}};
}

result<settle_body> read_nack(std::string_view body) {
  auto fields = json::decode<nack_fields>(body);
  if (!fields) return std::unexpected(std::move(fields.error()));
  return settle_body{std::move(fields->lease), std::move(fields->events).value_or(std::vector<uuid>{}),
                     action_of(fields->action.value_or(action_name::retry)), std::move(fields->reason).value_or("")};
}

void append_status(std::string& out, persistent_subscription_status const& of) {
  auto const& settings = of.settings;
  auto const milliseconds_member = [&](std::string_view name, milliseconds value) {
    append_member(out, name, static_cast<std::uint64_t>(value.count()));
  };
  out.append("{");
  append_member(out, "name", of.name);
  append_name(out, "filter");
  out.append("{");
  append_strings(out, "aggregate_types", settings.filter.types);
  append_strings(out, "event_types", settings.filter.event_types);
  append_member(out, "id_prefix", settings.filter.id_prefix);
  append_member(out, "correlation_id", settings.filter.correlation_id);
  out.append("}");
  append_member(out, "after", std::to_string(settings.after.value()));
  milliseconds_member("lease_ms", settings.lease);
  milliseconds_member("retry_delay_ms", settings.retry_delay);
  append_member(out, "max_attempts", std::uint64_t{settings.max_attempts});
  append_member(out, "max_unacknowledged", std::uint64_t{settings.max_unacknowledged});
  append_json_member(out, "hold_aggregate", settings.hold_aggregate ? "true" : "false");
  append_json_member(out, "raw", settings.raw ? "true" : "false");
  append_member(out, "checkpoint", of.checkpoint.value());
  append_member(out, "head", of.head.value());
  append_member(out, "lag_events", of.lag_events);
  milliseconds_member("lag_ms", of.lag);
  append_member(out, "leased", of.leased);
  append_member(out, "waiting", of.waiting);
  append_member(out, "parked", of.parked);
  append_member(out, "redelivered", of.redelivered);
  append_member(out, "consumers", of.consumers);
  out.append("}");
}

void append_deliveries(std::string& out, delivery_batch const& batch) {
  out.append("{");
  if (!batch.lease.empty()) {
    append_member(out, "lease", batch.lease);
    append_member(out, "expires", to_rfc3339(batch.expires));
  }
  append_name(out, "deliveries");
  out.append("[");
  for (auto const& each : batch.deliveries) {
    if (out.back() != '[') out.append(",");
    out.append("{");
    append_member(out, "attempt", std::uint64_t{each.attempt});
    append_name(out, "event");
    append_event(out, each.event);
    out.append("}");
  }
  out.append("]");
  append_member(out, "lag_events", batch.lag_events);
  out.append("}");
}

void append_acknowledgement(std::string& out, acknowledgement const& end) {
  out.append("{");
  append_member(out, "settled", end.settled);
  append_name(out, "not_leased");
  out.append("[");
  for (auto const& each : end.not_leased) {
    out.append(out.back() == '[' ? "\"" : ",\"");
    append_uuid(out, each);
    out.append("\"");
  }
  out.append("]}");
}

void append_parked(std::string& out, parked_event const& one) {
  out.append("{");
  append_id_member(out, "event_id", one.id);
  append_member(out, "event_type", one.event_type);
  append_member(out, "aggregate_type", one.aggregate_type);
  append_member(out, "aggregate_id", one.aggregate_id);
  append_member(out, "position", one.at.value());
  append_member(out, "attempts", std::uint64_t{one.attempts});
  append_member(out, "reason", one.reason);
  append_member(out, "parked_at", to_rfc3339(one.parked_at));
  append_json_member(out, "replaying", one.replaying ? "true" : "false");
  out.append("}");
}

}  // namespace evoke::http
