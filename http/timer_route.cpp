#include <evoke/timer.hpp>

#include "http/cursor.hpp"
#include "http/generic_routes.hpp"
#include "http/json_text.hpp"
#include "http/pages.hpp"
#include "http/parameters.hpp"
#include "http/problem.hpp"

/// Timers that are set, for those who look after a system.
namespace evoke::http {
namespace {

constexpr std::size_t standard_limit = 100;
constexpr std::string_view listing = "timers";

result<timers_request> read_request(api_context const& api, incoming const& request) {
  if (auto checked = check_query(request, {"aggregate_type", "aggregate_id", "limit", "cursor"}); !checked)
    return std::unexpected(std::move(checked.error()));
  timers_request made;
  if (auto const type = request.find_query("aggregate_type")) made.type = *type;
  if (auto const id = request.find_query("aggregate_id")) made.id = *id;
  auto limit = read_limit(request, standard_limit, api.limits.max_page_events);
  if (!limit) return std::unexpected(std::move(limit.error()));
  made.limit = *limit;
  if (auto const cursor = request.find_query("cursor")) {
    auto after = read_cursor(listing, *cursor);
    if (!after || after->empty()) return fail(errc::invalid_argument, "cursor: not one of this listing's");
    made.cursor = *std::move(after);
  }
  return made;
}

void append_timer(std::string& out, pending_timer const& timer) {
  out.append("{");
  append_member(out, "aggregate_type", timer.type);
  append_member(out, "aggregate_id", timer.id);
  append_member(out, "name", timer.name);
  append_member(out, "due", to_rfc3339(timer.due));
  append_member(out, "command", timer.command);
  append_json_member(out, "body", timer.body);
  append_member(out, "set_by", timer.set_by.str());
  append_member(out, "correlation_id", timer.correlation_id);
  append_member(out, "attempts", std::uint64_t{timer.attempts});
  if (!timer.last_error.empty()) append_member(out, "last_error", timer.last_error);
  out.append("}");
}

}  // namespace

void answer_timers(api_context& api, incoming& request, ticket reply_to) {
  auto asked_for = read_request(api, request);
  if (!asked_for) return reply_to.answer([&](reply& out, incoming const&) { render_failure(out, asked_for.error()); });
  api.served.timers(*std::move(asked_for), [&api, to = std::move(reply_to)](result<timers_page> page) mutable {
    to.answer([&api, page = std::move(page)](reply& out, incoming const& asked) {
      if (!page) return render_failure(out, page.error());
      out.content_type = media::json;
      out.header("Cache-Control", "no-store");
      out.body.append("{\"timers\":[");
      for (auto const& each : page->timers) {
        if (out.body.back() != '[') out.body.append(",");
        append_timer(out.body, each);
      }
      out.body.append("]");
      if (page->next) {
        auto const cursor = make_cursor(listing, *page->next);
        append_member(out.body, "next_cursor", cursor);
        append_next_link(api, asked, {{"cursor", cursor}}, out);
      }
      out.body.append("}");
    });
  });
}

}  // namespace evoke::http
