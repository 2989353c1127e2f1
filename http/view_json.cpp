#include "http/view_json.hpp"

#include "http/json_text.hpp"

#include <array>
#include <charconv>

namespace evoke::http {
namespace {

std::string_view name_of(projection_phase phase) noexcept {
  switch (phase) {
    case projection_phase::catching_up: return "catching_up";
    case projection_phase::live: return "live";
    case projection_phase::paused: return "paused";
    case projection_phase::stopped: return "stopped";
  }
  return "?";
}

/// A number with three decimals at most, as JSON wants it.
void append_decimal(std::string& out, std::string_view name, double value) {
  std::array<char, 64> digits{};
  auto const [end, error] = std::to_chars(digits.data(), digits.data() + digits.size(), value, std::chars_format::fixed, 3);
  append_json_member(out, name, error == std::errc{} ? std::string_view(digits.data(), end) : "0");
}

void append_entry(std::string& out, std::string_view key, position changed, std::string const* json) {
  out.append("{");
  append_member(out, "key", key);
  append_member(out, "changed", changed.value());
  if (json != nullptr) append_json_member(out, "document", *json);
  out.append("}");
}

void append_rebuild(std::string& out, rebuild_progress const& under_way) {
  append_name(out, "rebuild");
  out.append("{");
  append_member(out, "checkpoint", under_way.checkpoint.value());
  append_member(out, "target", under_way.target.value());
  append_decimal(out, "events_per_second", under_way.events_per_second);
  if (under_way.left) append_member(out, "seconds_left", static_cast<std::uint64_t>(under_way.left->count()));
  out.append("}");
}

}  // namespace

void append_document(std::string& out, view_document const& one) {
  append_entry(out, one.key, one.changed, &one.json);
}

void append_change(std::string& out, view_change const& one) {
  append_entry(out, one.key, one.at, one.json ? &*one.json : nullptr);
}

void append_status(std::string& out, projection_status const& one) {
  out.append("{");
  append_member(out, "projection", one.name);
  append_member(out, "version", std::uint64_t{one.version});
  append_member(out, "generation", one.generation);
  append_member(out, "phase", name_of(one.phase));
  append_member(out, "checkpoint", one.checkpoint.value());
  append_member(out, "head", one.head.value());
  append_member(out, "lag_events", one.lag_events);
  append_decimal(out, "lag_seconds", static_cast<double>(one.lag.count()) / 1000);
  append_member(out, "dead_letters", one.dead_letters);
  append_member(out, "blocked_aggregates", one.blocked_aggregates);
  if (!one.reason.empty()) append_member(out, "reason", one.reason);
  if (one.rebuild) append_rebuild(out, *one.rebuild);
  out.append("}");
}

void append_dead_letter(std::string& out, dead_letter const& one) {
  out.append("{");
  append_member(out, "number", one.number);
  append_member(out, "aggregate_type", one.aggregate_type);
  append_member(out, "aggregate_id", one.aggregate_id);
  append_member(out, "event_type", one.event_type);
  append_member(out, "version", one.version.value());
  append_member(out, "position", one.position.value());
  append_json_member(out, "first", one.first ? "true" : "false");
  append_member(out, "attempts", std::uint64_t{one.attempts});
  if (!one.error.empty()) append_member(out, "error", one.error);
  append_member(out, "failed_at", to_rfc3339(one.failed_at));
  out.append("}");
}

}  // namespace evoke::http
