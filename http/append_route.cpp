#include "http/answering.hpp"
#include "http/command_answer.hpp"
#include "http/entity_tags.hpp"
#include "http/generic_routes.hpp"
#include "http/parameters.hpp"
#include "http/problem.hpp"
#include "http/raw_append.hpp"

namespace evoke::http {
namespace {

result<raw_append_request> read_request(api_context const& api, incoming const& request) {
  raw_append_request made;
  made.type = request.param("type");
  made.id = request.param("id");
  if (auto checked = check_query(request, {}); !checked) return std::unexpected(std::move(checked.error()));
  // Said before the body is looked at: what is wrong with it would not matter.
  if (api.served.types().find(made.type) != nullptr)
    return fail(errc::not_allowed, "type " + made.type + " is registered: its events come from its commands only");
  auto expected = parse_precondition(request.find_header("If-Match"), request.find_header("If-None-Match"));
  if (!expected) return std::unexpected(std::move(expected.error()));
  made.expected = *std::move(expected);
  auto meta = read_metadata(request);
  if (!meta) return std::unexpected(std::move(meta.error()));
  made.meta = *std::move(meta);
  auto events = parse_raw_events(request.body(), api.limits);
  if (!events) return std::unexpected(std::move(events.error()));
  made.events = *std::move(events);
  return made;
}

}  // namespace

void answer_append(api_context& api, incoming& request, ticket reply_to) {
  auto made = read_request(api, request);
  if (!made) return reply_to.answer([&](reply& out, incoming const&) { render_body_refusal(out, made.error()); });
  api.served.append(*std::move(made), [&api, to = std::move(reply_to)](command_result end) mutable {
    to.answer([&api, end = std::move(end)](reply& out, incoming const& asked) {
      render_command_result(api, {asked.param("type"), asked.param("id"), "streams"}, preferences::reply::standard, false, end, asked, out);
    });
  });
}

}  // namespace evoke::http
