#include "http/answering.hpp"
#include "http/event_json.hpp"
#include "http/generic_routes.hpp"
#include "http/json_text.hpp"
#include "http/parameters.hpp"

/// What led to an event and what followed from it.
namespace evoke::http {
namespace {

void render_graph(causation_graph const& graph, std::string& body) {
  body.append("{\"events\":[");
  for (auto const& event : graph.events) {
    if (body.back() != '[') body.append(",");
    append_event(body, event);
  }
  body.append("],\"edges\":[");
  for (auto const& edge : graph.edges) {
    if (body.back() != '[') body.append(",");
    body.append("{");
    append_member(body, "cause", edge.cause);
    append_member(body, "effect", edge.effect.str());
    body.append("}");
  }
  body.append(graph.complete ? "],\"complete\":true}" : "],\"complete\":false}");
}

result<causation_direction> read_causation_direction(incoming const& request) {
  auto const wanted = request.find_query("direction");
  if (!wanted || *wanted == "both") return causation_direction::both;
  if (*wanted == "causes") return causation_direction::causes;
  if (*wanted == "effects") return causation_direction::effects;
  return fail(errc::invalid_argument, "direction: one of causes, effects, both");
}

}  // namespace

void answer_causation(api_context& api, incoming& request, ticket reply_to) {
  if (auto const checked = check_query(request, {"direction", "limit"}); !checked) return refuse(std::move(reply_to), checked.error());
  auto const id = uuid::parse(request.param("event_id"));
  if (!id) return refuse(std::move(reply_to), id.error());
  auto const direction = read_causation_direction(request);
  if (!direction) return refuse(std::move(reply_to), direction.error());
  auto const limit = read_limit(request, api.limits.max_page_events, api.limits.max_page_events);
  if (!limit) return refuse(std::move(reply_to), limit.error());
  api.served.causation(
      {*id, *direction, *limit},
      answering<causation_graph>(std::move(reply_to), [](auto const& graph, auto const&, reply& out) { render_graph(graph, out.body); }));
}

}  // namespace evoke::http
