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

void render_accepted(api_context const& api, changed const& what, preferences::reply wanted, bool dry_run, command_reply const& done,
                     reply& out) {
  if (!dry_run) append_headers(api, what, done, out.headers);
  if (done.replayed) out.headers.append("Idempotency-Replayed: true\r\n");
  if (wanted == preferences::reply::minimal && !dry_run) {
    out.status = 204;
    out.headers.append("Preference-Applied: return=minimal\r\n");
    return;
  }
  bool const with_state = !done.state.empty();
  if (wanted == preferences::reply::representation && with_state) out.headers.append("Preference-Applied: return=representation\r\n");
  out.status = done.created && !dry_run ? 201 : 200;
  out.content_type = media::json;
  auto& body = out.body;
  body.append("{");
  append_member(body, "aggregate_type", what.type);
  append_member(body, "aggregate_id", what.id);
  append_member(body, "version", done.version.value());
  if (dry_run)
    append_json_member(body, "dry_run", "true");
  else
    append_member(body, "position", done.position.value());
  append_events(done, dry_run, body);
  if (with_state) append_json_member(body, "state", done.state);
  body.append("}");
}

/// What the client demanded, in the words of http's headers, as a member of the 412.
void append_expected(incoming const& request, std::string& out) {
  if (request.find_header("If-None-Match")) return append_member(out, "expected_version", std::uint64_t{0});
  auto const list = parse_entity_tags(request.header("If-Match"));
  if (!list) return;
  if (!list->any && list->tags.size() == 1 && !list->tags[0].weak && version_of(list->tags[0]) != version{})
    return append_member(out, "expected_version", version_of(list->tags[0]).value());
  append_member(out, "expected_version", request.header("If-Match"));
}

}  // namespace

void render_command_result(api_context const& api, changed const& what, preferences::reply wanted, bool dry_run, command_result const& end,
                           incoming const& request, reply& out) {
  if (end.accepted()) return render_accepted(api, what, wanted, dry_run, end.reply(), out);
  std::string members;
  if (end.rejected()) {
    if (auto const at = end.version_at_rejection()) append_member(members, "current_version", at->value());
    render_rejection(out, end.why(), members);
    if (end.replayed()) out.headers.append("Idempotency-Replayed: true\r\n");
    return;
  }
  if (end.error().code == errc::version_mismatch) append_expected(request, members);
  render_failure(out, end.error(), members);
}

}  // namespace evoke::http
