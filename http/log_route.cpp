#include "http/event_json.hpp"
#include "http/feed_format.hpp"
#include "http/feed_route.hpp"
#include "http/generic_routes.hpp"
#include "http/json_text.hpp"
#include "http/log_parameters.hpp"
#include "http/pages.hpp"
#include "http/parameters.hpp"
#include "http/problem.hpp"

#include <algorithm>

namespace evoke::http {
namespace {

constexpr std::size_t standard_limit = 100;
constexpr std::size_t streamed_page_events = 500;

result<log_request> read_request(api_context const& api, incoming const& request) {
  log_request made;
  if (auto checked = check_query(request, {"after", "since", "limit", "aggregate_type", "event_type", "correlation_id", "id_prefix", "raw"},
                                 {"aggregate_type", "event_type"});
      !checked)
    return std::unexpected(std::move(checked.error()));
  auto const after = read_after_parameter(request);
  if (!after) return std::unexpected(after.error());
  made.after = after->value_or(position{});
  auto since = read_time(request, "since");
  if (!since) return std::unexpected(std::move(since.error()));
  made.since = *since;
  auto const limit = read_limit(request, standard_limit, api.limits.max_page_events);
  if (!limit) return std::unexpected(limit.error());
  made.limit = *limit;
  auto filter = read_log_filter(request);
  if (!filter) return std::unexpected(std::move(filter.error()));
  made.filter = *std::move(filter);
  auto const raw = read_flag(request, "raw");
  if (!raw) return std::unexpected(raw.error());
  made.raw = *raw;
  return made;
}

result<event_request> read_event_request(incoming const& request) {
  if (auto checked = check_query(request, {"part", "raw"}); !checked) return std::unexpected(std::move(checked.error()));
  auto const id = uuid::parse(request.param("event_id"));
  if (!id) return std::unexpected(id.error());
  auto const part = read_number(request, "part");
  if (!part) return std::unexpected(part.error());
  auto const raw = read_flag(request, "raw");
  if (!raw) return std::unexpected(raw.error());
  // No event has so many parts: what does not fit is asked for as one that is not there.
  return event_request{*id, static_cast<std::uint32_t>(std::min<std::uint64_t>(part->value_or(1), 0xffff'ffff)), *raw};
}

/// The log from a position to its head as lines, a page at a time.
class log_lines final : public body_source, public std::enable_shared_from_this<log_lines> {
 public:
  log_lines(api_context& api, log_request first) : api_(&api), next_(std::move(first)) { next_.limit = streamed_page_events; }

  void next(ticket reply_to) override {
    api_->served.read_log(next_, [self = shared_from_this(), to = std::move(reply_to)](result<log_page> page) mutable {
      to.answer([self = std::move(self), page = std::move(page)](reply& out, incoming const&) {
        if (!page) return render_failure(out, page.error());
        out.content_type = media::ndjson;
        append_lines(page->events, out.body);
        // The head of the first page is the end: a log that grows as fast as it is read would be a feed, which is another thing.
        if (!self->end_) self->end_ = page->head;
        if (page->at_end || page->next_after >= *self->end_) return;
        self->next_.after = page->next_after;
        out.more = self;
      });
    });
  }

 private:
  api_context* api_;
  log_request next_;
  std::optional<position> end_;
};

void render_page(api_context const& api, log_page const& page, incoming const& asked, reply& out) {
  auto const next = std::to_string(page.next_after.value());
  out.header("Vary", "Accept");
  if (!page.at_end) append_next_link(api, asked, {{"after", next}}, out);
  auto const format = negotiated_format(asked);
  out.content_type = feed_media[static_cast<std::size_t>(format)];
  if (format == feed_format::ndjson) return append_lines(page.events, out.body);
  if (format == feed_format::cloudevents) return append_batch(page.events, out.body);
  out.body.append("{");
  append_name(out.body, "events");
  append_array(page.events, out.body);
  append_member(out.body, "next_after", next);
  append_json_member(out.body, "at_end", page.at_end ? "true" : "false");
  out.body.append("}");
}

}  // namespace

void answer_log(api_context& api, incoming& request, ticket reply_to) {
  auto const format = negotiated_format(request);
  if (format == feed_format::live) return answer_log_feed(api, request, std::move(reply_to));
  auto asked_for = read_request(api, request);
  if (!asked_for) return reply_to.answer([&](reply& out, incoming const&) { render_failure(out, asked_for.error()); });
  if (format == feed_format::ndjson && !request.has_query("limit"))
    return std::make_shared<log_lines>(api, *std::move(asked_for))->next(std::move(reply_to));
  api.served.read_log(*std::move(asked_for), [&api, to = std::move(reply_to)](result<log_page> page) mutable {
    to.answer([&api, page = std::move(page)](reply& out, incoming const& asked) {
      if (!page) return render_failure(out, page.error());
      render_page(api, *page, asked, out);
    });
  });
}

void answer_event(api_context& api, incoming& request, ticket reply_to) {
  auto const wanted = read_event_request(request);
  if (!wanted) return reply_to.answer([&](reply& out, incoming const&) { render_failure(out, wanted.error()); });
  api.served.find_event(*wanted, [raw = wanted->raw, to = std::move(reply_to)](result<recorded_event> event) mutable {
    to.answer([raw, event = std::move(event)](reply& out, incoming const&) {
      if (!event) return render_failure(out, event.error());
      out.content_type = media::json;
      // What is stored never changes; what it is today depends on the program.
      out.header("Cache-Control", raw ? "private, max-age=31536000, immutable" : "private, no-cache");
      append_event(out.body, *event);
    });
  });
}

}  // namespace evoke::http
