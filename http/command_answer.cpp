#include "http/command_answer.hpp"

#include "http/entity_tags.hpp"
#include "http/json_text.hpp"
#include "http/percent.hpp"
#include "http/problem.hpp"

namespace evoke::http {
namespace {

void append_events(command_reply const& done, bool dry_run, std::string& out) {
  append_name(out, "events");
  out.append("[");
  for (std::size_t i = 0; i < done.events.size(); ++i) {
    auto const& event = done.events[i];
    if (i > 0) out.append(",");
    out.append("{");
    if (!dry_run) {  // what is not stored has no id and no position
      out.append("\"event_id\":\"");
      append_uuid(out, event.id);
      out.append("\"");
    }
    append_member(out, "event_type", event.type.str());
    append_member(out, "version", event.version.value());
    if (!dry_run) append_member(out, "position", event.position.value());
    if (dry_run && i < done.event_data.size()) append_json_member(out, "data", done.event_data[i]);
    out.append("}");
  }
  out.append("]");
}

void append_headers(api_context const& api, changed const& what, command_reply const& done, std::string& out) {
  out.append("ETag: \"");
  append_number(out, done.version.value());
  out.append("\"\r\nConsistency-Token: ");
  api.tokens.append(done.position, out);
  out.append("\r\n");
  if (!done.created) return;
  out.append("Location: ");
  api.append_link(out, "/v1/");
  out.append(what.collection).append("/");
  percent_encode(what.type, out);
  out.append("/");
  percent_encode(what.id, out);
  out.append("\r\n");
}

std::uint16_t status_of(command_reply const& done, preferences::reply wanted, bool dry_run) noexcept {
  if (dry_run) return 200;
  if (wanted == preferences::reply::minimal) return 204;
  return done.created ? 201 : 200;
}

/// What a reply says of a command that was accepted, as members.
void append_accepted(changed const& what, bool dry_run, command_reply const& done, std::string& out) {
  append_member(out, "aggregate_type", what.type);
  append_member(out, "aggregate_id", what.id);
  append_member(out, "version", done.version.value());
  if (dry_run)
    append_json_member(out, "dry_run", "true");
  else
    append_member(out, "position", done.position.value());
  append_events(done, dry_run, out);
  if (!done.state.empty()) append_json_member(out, "state", done.state);
}

void render_accepted(api_context const& api, changed const& what, preferences::reply wanted, bool dry_run, command_reply const& done,
                     reply& out) {
  if (!dry_run) append_headers(api, what, done, out.headers);
  if (done.replayed) out.headers.append("Idempotency-Replayed: true\r\n");
  out.status = status_of(done, wanted, dry_run);
  if (!has_body(out.status)) {
    out.headers.append("Preference-Applied: return=minimal\r\n");
    return;
  }
  if (wanted == preferences::reply::representation && !done.state.empty())
    out.headers.append("Preference-Applied: return=representation\r\n");
  out.content_type = media::json;
  out.body.append("{");
  append_accepted(what, dry_run, done, out.body);
  out.body.append("}");
}

/// The version that the client demanded, in the words of http's headers, as JSON; "" = none.
std::string expected_by(incoming const& request) {
  if (request.find_header("If-None-Match")) return "0";
  auto const list = parse_entity_tags(request.header("If-Match"));
  std::string text;
  if (!list) return text;
  if (!list->any && list->tags.size() == 1 && !list->tags[0].weak && version_of(list->tags[0]) != version{})
    append_number(text, version_of(list->tags[0]).value());
  else
    append_string(text, request.header("If-Match"));
  return text;
}

bool missed_version(command_result const& end) {
  return end.failed() && end.error().code == errc::version_mismatch;
}

/// What the problem of a command that was not accepted has beside what every problem has. @param missed the version that was demanded and
/// not met, as JSON; "" = none
std::string refusal_members(command_result const& end, std::string_view missed) {
  std::string members;
  if (auto const at = end.version_at_rejection()) append_member(members, "current_version", at->value());
  if (!missed.empty()) append_json_member(members, "expected_version", missed);
  return members;
}

}  // namespace

void render_command_result(api_context const& api, changed const& what, preferences::reply wanted, bool dry_run, command_result const& end,
                           incoming const& request, reply& out) {
  if (end.accepted()) return render_accepted(api, what, wanted, dry_run, end.reply(), out);
  auto const members = refusal_members(end, missed_version(end) ? expected_by(request) : std::string());
  if (end.failed()) return render_failure(out, end.error(), members);
  render_rejection(out, end.why(), members);
  if (end.replayed()) out.headers.append("Idempotency-Replayed: true\r\n");
}

void append_outcome(changed const& what, preferences::reply wanted, bool dry_run, command_result const& end, std::string_view expected,
                    std::string& out) {
  if (!end.accepted()) {
    auto members = refusal_members(end, missed_version(end) ? expected : std::string_view());
    if (end.replayed()) append_json_member(members, "idempotency_replayed", "true");
    return end.failed() ? append_failure(out, end.error(), members) : append_rejection(out, end.why(), members);
  }
  auto const& done = end.reply();
  auto const status = status_of(done, wanted, dry_run);
  out.append("{");
  append_member(out, "status", std::uint64_t{status});
  if (has_body(status)) {
    append_accepted(what, dry_run, done, out);
  } else {
    append_member(out, "version", done.version.value());
    append_member(out, "position", done.position.value());
  }
  if (done.replayed) append_json_member(out, "idempotency_replayed", "true");
  out.append("}");
}

}  // namespace evoke::http
