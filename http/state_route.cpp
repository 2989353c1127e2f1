#include "http/entity_tags.hpp"
#include "http/generic_routes.hpp"
#include "http/http_date.hpp"
#include "http/json_text.hpp"
#include "http/parameters.hpp"
#include "http/percent.hpp"
#include "http/problem.hpp"

namespace evoke::http {
namespace {

/// What a GET of a state asks for, apart from which aggregate.
struct state_wish {
  state_request asked{};
  bool by_header = false;  ///< the time came by Accept-Datetime (RFC 7089)
  std::optional<entity_tag_list> unless{};
  std::optional<entity_tag_list> only_if{};
};

result<std::optional<entity_tag_list>> read_tags(incoming const& request, std::string_view name) {
  auto const field = request.find_header(name);
  if (!field) return std::optional<entity_tag_list>{};
  auto list = parse_entity_tags(*field);
  if (!list) return fail(errc::invalid_argument, std::string(name).append(": ").append(list.error().message));
  return std::optional<entity_tag_list>{*std::move(list)};
}

result<state_wish> read_wish(incoming const& request) {
  state_wish made{{std::string(request.param("type")), std::string(request.param("id")), {}, {}}, false, {}, {}};
  if (auto checked = check_query(request, {"version", "at"}); !checked) return std::unexpected(std::move(checked.error()));
  auto at_version = read_number(request, "version");
  if (!at_version) return std::unexpected(std::move(at_version.error()));
  auto at_time = read_time(request, "at");
  if (!at_time) return std::unexpected(std::move(at_time.error()));
  if (*at_version && *at_time) return fail(errc::invalid_argument, "version and at exclude one another");
  if (*at_version) made.asked.at_version = version{**at_version};
  made.asked.at_time = *at_time;
  // A link to one version or time is a memento already: the header chooses only where the link does not.
  if (auto const field = request.find_header("Accept-Datetime"); field && !*at_version && !*at_time) {
    auto const time = parse_http_date(*field);
    if (!time) return fail(errc::invalid_argument, "Accept-Datetime: not an HTTP date");
    // A date of HTTP has whole seconds and means all of that second.
    made.asked.at_time = *time + std::chrono::seconds(1) - std::chrono::microseconds(1);
    made.by_header = true;
  }
  auto unless = read_tags(request, "If-None-Match");
  if (!unless) return std::unexpected(std::move(unless.error()));
  auto only_if = read_tags(request, "If-Match");
  if (!only_if) return std::unexpected(std::move(only_if.error()));
  made.unless = *std::move(unless);
  made.only_if = *std::move(only_if);
  return made;
}

bool strongly_matches(entity_tag_list const& list, version current) {
  if (list.any) return true;
  for (auto const& tag : list.tags)
    if (!tag.weak && version_of(tag) == current) return true;
  return false;
}

struct answer_shape {
  bool memento = false;
  bool by_header = false;
  std::optional<timestamp> at{};
};

void append_headers(api_context const& api, incoming const& asked, state_reply const& state, answer_shape shape, reply& out) {
  out.headers.append("ETag: \"");
  append_number(out.headers, state.version.value());
  // Whoever has seen this state may want to see a read model that has, too.
  out.headers.append("\"\r\nConsistency-Token: ");
  api.tokens.append(state.position, out.headers);
  out.headers.append("\r\nVary: Accept-Datetime\r\n");
  if (!shape.memento) return;
  out.headers.append("Memento-Datetime: ");
  append_http_date(state.time, out.headers);
  out.headers.append("\r\nLink: <");
  api.append_link(out.headers, asked.path());
  out.headers.append(">; rel=\"original timegate\"\r\n");
  if (!shape.by_header) return;
  out.headers.append("Content-Location: ");
  api.append_link(out.headers, asked.path());
  out.headers.append("?at=");
  percent_encode(to_rfc3339(*shape.at), out.headers);
  out.headers.append("\r\n");
}

void append_body(incoming const& asked, state_reply const& state, reply& out) {
  out.content_type = media::json;
  auto& body = out.body;
  body.reserve(state.state.size() + 192);
  body.append("{");
  append_member(body, "aggregate_type", asked.param("type"));
  append_member(body, "aggregate_id", asked.param("id"));
  append_member(body, "version", state.version.value());
  append_member(body, "position", state.position.value());
  append_member(body, "time", to_rfc3339(state.time));
  append_json_member(body, "state", state.state);
  body.append("}");
}

}  // namespace

void answer_state(api_context& api, incoming& request, ticket reply_to) {
  auto wish = read_wish(request);
  if (!wish) return reply_to.answer([&](reply& out, incoming const&) { render_failure(out, wish.error()); });
  answer_shape const shape{wish->asked.at_version || wish->asked.at_time, wish->by_header, wish->asked.at_time};
  bool const conditional = wish->unless || wish->only_if;
  api.served.state(std::move(wish->asked), [&api, shape, conditional, to = std::move(reply_to)](result<state_reply> state) mutable {
    to.answer([&api, shape, conditional, state = std::move(state)](reply& out, incoming const& asked) {
      if (!state) return render_failure(out, state.error());
      if (conditional) {
        // Parsed again rather than kept: what was parsed points into the request, and this is the rare case.
        auto const only_if = read_tags(asked, "If-Match");
        if (*only_if && !strongly_matches(**only_if, state->version))
          return render_failure(
              out, {errc::version_mismatch, "If-Match does not name the version this answer is of", {}, state->version.value(), {}});
        append_headers(api, asked, *state, shape, out);
        auto const unless = read_tags(asked, "If-None-Match");
        if (*unless && names_version(**unless, state->version)) {
          out.status = 304;
          return;
        }
        return append_body(asked, *state, out);
      }
      append_headers(api, asked, *state, shape, out);
      append_body(asked, *state, out);
    });
  });
}

}  // namespace evoke::http
