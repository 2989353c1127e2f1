#include "http/cursor.hpp"
#include "http/generic_routes.hpp"
#include "http/json_text.hpp"
#include "http/pages.hpp"
#include "http/parameters.hpp"
#include "http/problem.hpp"

namespace evoke::http {
namespace {

constexpr std::size_t standard_limit = 100;

/// Cursors of one type's listing do not fit another's.
std::string listing_of(incoming const& request) {
  return "aggregates/" + std::string(request.param("type"));
}

result<list_request> read_request(api_context const& api, incoming const& request) {
  list_request made{std::string(request.param("type")), {}, standard_limit};
  if (auto checked = check_query(request, {"limit", "cursor"}); !checked) return std::unexpected(std::move(checked.error()));
  auto limit = read_limit(request, standard_limit, api.limits.max_page_events);
  if (!limit) return std::unexpected(std::move(limit.error()));
  made.limit = *limit;
  if (auto const cursor = request.find_query("cursor")) {
    auto after = read_cursor(listing_of(request), *cursor);
    if (!after) return fail(errc::invalid_argument, "cursor: not one of this listing's");
    made.after = *std::move(after);
  }
  return made;
}

}  // namespace

void answer_listing(api_context& api, incoming& request, ticket reply_to) {
  auto asked_for = read_request(api, request);
  if (!asked_for) return reply_to.answer([&](reply& out, incoming const&) { render_failure(out, asked_for.error()); });
  api.served.list(*std::move(asked_for), [&api, to = std::move(reply_to)](result<list_page> page) mutable {
    to.answer([&api, page = std::move(page)](reply& out, incoming const& asked) {
      if (!page) return render_failure(out, page.error());
      out.content_type = media::json;
      out.body.append("{");
      append_member(out.body, "aggregate_type", asked.param("type"));
      append_name(out.body, "aggregate_ids");
      out.body.append("[");
      for (auto const& id : page->ids) {
        if (out.body.back() != '[') out.body.append(",");
        append_string(out.body, id);
      }
      out.body.append("]");
      if (page->more && !page->ids.empty()) {
        auto const cursor = make_cursor(listing_of(asked), page->ids.back());
        append_member(out.body, "next_cursor", cursor);
        append_next_link(api, asked, {{"cursor", cursor}}, out);
      }
      out.body.append("}");
    });
  });
}

}  // namespace evoke::http
