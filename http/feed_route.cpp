#include "http/feed_route.hpp"
#include "http/event_feed.hpp"
#include "http/log_parameters.hpp"
#include "http/parameters.hpp"
#include "http/problem.hpp"
#include "http/sse_text.hpp"

/// Live feeds of the log and of one stream.
namespace evoke::http {
namespace {

std::unexpected<failure> endless(std::string_view parameter) {
  return fail(errc::invalid_argument, std::string(parameter) + ": a live feed has no pages and no end; leave it out");
}

void open(api_context& api, subscription_request request, feed_start const& start, reply& out) {
  // A connection that is asked on while the server stops: its drain has been, and would not come to this feed.
  if (api.draining) return render_failure(out, {errc::draining, "the server is stopping", {}, {}, {}, {}});
  request.max_events = event_feed::max_batch_events;
  auto following = api.served.subscribe(std::move(request));
  if (!following) return render_failure(out, following.error());
  begin_feed(std::make_shared<event_feed>(*std::move(following), start, api.options.feed_heartbeat), out);
}

result<subscription_request> read_log_feed(incoming const& request, feed_start& start) {
  if (request.has_query("limit")) return endless("limit");
  if (auto checked = check_query(request, {"after", "since", "aggregate_type", "event_type", "correlation_id", "id_prefix", "raw"},
                                 {"aggregate_type", "event_type"});
      !checked)
    return std::unexpected(std::move(checked.error()));
  auto const after = read_resume_position(request);
  if (!after) return std::unexpected(after.error());
  auto filter = read_log_filter(request);
  if (!filter) return std::unexpected(std::move(filter.error()));
  auto const since = read_time(request, "since");
  if (!since) return std::unexpected(since.error());
  start.since = *since;
  auto const raw = read_flag(request, "raw");
  if (!raw) return std::unexpected(raw.error());
  subscription_request made;
  made.after = after->value_or(position{});
  made.filter = *std::move(filter);
  made.raw = *raw;
  return made;
}

result<subscription_request> read_stream_feed(incoming const& request, feed_start& start) {
  for (std::string_view const each : {"limit", "direction"})
    if (request.has_query(each)) return endless(each);
  if (auto checked = check_query(request, {"after", "from_version", "raw"}); !checked) return std::unexpected(std::move(checked.error()));
  auto const after = read_resume_position(request);
  if (!after) return std::unexpected(after.error());
  auto const from = read_number(request, "from_version");
  if (!from) return std::unexpected(from.error());
  start.from_version = version{from->value_or(0)};
  auto const raw = read_flag(request, "raw");
  if (!raw) return std::unexpected(raw.error());
  subscription_request made;
  made.after = after->value_or(position{});
  made.stream = stream_name{std::string(request.param("type")), std::string(request.param("id"))};
  made.raw = *raw;
  return made;
}

}  // namespace

void begin_feed(std::shared_ptr<body_source> feed, reply& out) {
  out.content_type = media::event_stream;
  out.header("Cache-Control", "no-cache");
  out.header("Vary", "Accept");
  append_opening(out.body);
  out.more = std::move(feed);
}

void answer_log_feed(api_context& api, incoming& request, ticket reply_to) {
  feed_start start;
  auto wanted = read_log_feed(request, start);
  if (!wanted) return reply_to.answer([&](reply& out, incoming const&) { render_failure(out, wanted.error()); });
  if (!start.since) return reply_to.answer([&](reply& out, incoming const&) { open(api, *std::move(wanted), start, out); });
  // Where that time begins in the log: one short read, instead of going through everything before it.
  log_request first;
  first.after = wanted->after;
  first.since = start.since;
  first.limit = 1;
  first.raw = true;  // its place is asked, also where it shows nothing today
  api.served.read_log(std::move(first),
                      [&api, start, wanted = *std::move(wanted), to = std::move(reply_to)](result<log_page> page) mutable {
                        to.answer([&api, start, wanted = std::move(wanted), page = std::move(page)](reply& out, incoming const&) mutable {
                          if (!page) return render_failure(out, page.error());
                          wanted.after = page->events.empty() ? page->next_after : position{page->events.front().position.value() - 1};
                          open(api, std::move(wanted), start, out);
                        });
                      });
}

void answer_stream_feed(api_context& api, incoming& request, ticket reply_to) {
  feed_start start;
  auto wanted = read_stream_feed(request, start);
  if (!wanted) return reply_to.answer([&](reply& out, incoming const&) { render_failure(out, wanted.error()); });
  if (start.from_version <= version{1} || wanted->after != position{})
    return reply_to.answer([&](reply& out, incoming const&) { open(api, *std::move(wanted), start, out); });
  // Behind the event before that version, if it is there already; else the stream is short, and what comes too early is left out.
  stream_request before{wanted->stream->type, wanted->stream->id, version{start.from_version.value() - 1}, 1, direction::forward, true};
  api.served.read_stream(
      std::move(before), [&api, start, wanted = *std::move(wanted), to = std::move(reply_to)](result<stream_page> page) mutable {
        to.answer([&api, start, wanted = std::move(wanted), page = std::move(page)](reply& out, incoming const&) mutable {
          if (page && !page->events.empty()) wanted.after = page->events.front().position;
          open(api, std::move(wanted), start, out);
        });
      });
}

}  // namespace evoke::http
