#include "http/entity_tags.hpp"
#include "http/feed_format.hpp"
#include "http/feed_route.hpp"
#include "http/generic_routes.hpp"
#include "http/json_text.hpp"
#include "http/pages.hpp"
#include "http/parameters.hpp"
#include "http/problem.hpp"

namespace evoke::http {
namespace {

constexpr std::size_t standard_limit = 100;
constexpr std::size_t streamed_page_events = 500;

result<stream_request> read_request(api_context const& api, incoming const& request) {
  stream_request made{std::string(request.param("type")), std::string(request.param("id")), {}, standard_limit, direction::forward, false};
  if (auto checked = check_query(request, {"from_version", "limit", "direction", "raw"}); !checked)
    return std::unexpected(std::move(checked.error()));
  auto const from = read_number(request, "from_version");
  if (!from) return std::unexpected(from.error());
  made.from = version{from->value_or(0)};
  auto const limit = read_limit(request, standard_limit, api.limits.max_page_events);
  if (!limit) return std::unexpected(limit.error());
  made.limit = *limit;
  auto const way = request.find_query("direction");
  if (way && *way != "forward" && *way != "backward") return fail(errc::invalid_argument, "direction: forward or backward");
  if (way && *way == "backward") made.direction = direction::backward;
  auto const raw = read_flag(request, "raw");
  if (!raw) return std::unexpected(raw.error());
  made.raw = *raw;
  return made;
}

/// A whole stream as lines, a page at a time.
class stream_lines final : public body_source, public std::enable_shared_from_this<stream_lines> {
 public:
  stream_lines(api_context& api, stream_request first) : api_(&api), next_(std::move(first)) { next_.limit = streamed_page_events; }

  void next(ticket reply_to) override {
    api_->served.read_stream(next_, [self = shared_from_this(), to = std::move(reply_to)](result<stream_page> page) mutable {
      to.answer([self = std::move(self), page = std::move(page)](reply& out, incoming const&) {
        if (!page) return render_failure(out, page.error());
        out.content_type = media::ndjson;
        append_lines(page->events, out.body);
        if (!page->next) return;
        self->next_.from = *page->next;
        out.more = self;
      });
    });
  }

 private:
  api_context* api_;
  stream_request next_;
};

void render_page(api_context const& api, stream_page const& page, incoming const& asked, reply& out) {
  out.header("Vary", "Accept");
  if (page.next) append_next_link(api, asked, {{"from_version", std::to_string(page.next->value())}}, out);
  auto const format = negotiated_format(asked);
  out.content_type = feed_media[static_cast<std::size_t>(format)];
  if (format == feed_format::ndjson) return append_lines(page.events, out.body);
  if (format == feed_format::cloudevents) return append_batch(page.events, out.body);
  out.headers.append("ETag: \"");
  append_number(out.headers, page.head.value());
  out.headers.append("\"\r\n");
  if (auto const field = asked.find_header("If-None-Match")) {
    auto const unless = parse_entity_tags(*field);
    if (unless && names_version(*unless, page.head)) {
      out.status = 304;
      return;
    }
  }
  out.body.append("{");
  append_member(out.body, "aggregate_type", asked.param("type"));
  append_member(out.body, "aggregate_id", asked.param("id"));
  append_member(out.body, "version", page.head.value());
  append_name(out.body, "events");
  append_array(page.events, out.body);
  if (page.next) append_member(out.body, "next_from_version", page.next->value());
  out.body.append("}");
}

}  // namespace

void answer_stream(api_context& api, incoming& request, ticket reply_to) {
  auto const format = negotiated_format(request);
  if (format == feed_format::live) return answer_stream_feed(api, request, std::move(reply_to));
  auto asked_for = read_request(api, request);
  if (!asked_for) return reply_to.answer([&](reply& out, incoming const&) { render_failure(out, asked_for.error()); });
  // Without a limit lines have no page: all of the stream follows.
  if (format == feed_format::ndjson && !request.has_query("limit"))
    return std::make_shared<stream_lines>(api, *std::move(asked_for))->next(std::move(reply_to));
  api.served.read_stream(*std::move(asked_for), [&api, to = std::move(reply_to)](result<stream_page> page) mutable {
    to.answer([&api, page = std::move(page)](reply& out, incoming const& asked) {
      if (!page) return render_failure(out, page.error());
      render_page(api, *page, asked, out);
    });
  });
}

}  // namespace evoke::http
