#include "http/answering.hpp"
#include "http/entity_tags.hpp"
#include "http/feed_route.hpp"
#include "http/generic_routes.hpp"
#include "http/json_text.hpp"
#include "http/negotiation.hpp"
#include "http/pages.hpp"
#include "http/parameters.hpp"
#include "http/problem.hpp"
#include "http/read_after.hpp"
#include "http/view_feed.hpp"
#include "http/view_json.hpp"
#include "http/view_parameters.hpp"

#include <algorithm>
#include <array>
#include <charconv>

/// Documents of read models: one, pages of them, all as lines, and as they change.
namespace evoke::http {
namespace {

constexpr std::size_t streamed_page_documents = 500;

/// How long a read may wait for a write: the answer must be there before the session gives it up.
std::chrono::milliseconds longest_wait(api_context const& api) {
  auto const whole = api.options.command_timeout;
  return std::max(whole - std::chrono::milliseconds(1'000), whole / 2);
}

bool wants(incoming const& request, std::span<std::string_view const> offers, std::string_view form) {
  return offers[negotiate(request.header("Accept"), offers).value_or(0)] == form;
}

/// Weak, because the reply around the document says how far the projection has come. The position of its last change is not enough: a
/// projection whose code has changed makes another document of the same events.
std::string tag_of(document_reply const& found) {
  std::array<char, 16> digits{};
  auto const end = std::to_chars(digits.data(), digits.data() + digits.size(), std::hash<std::string>{}(found.json), 16).ptr;
  return std::to_string(found.changed.value()).append("-").append(digits.data(), end);
}

void render_document(wanted_freshness const& wanted, api_context const& api, document_reply const& found, incoming const& asked,
                     reply& out) {
  auto const tag = tag_of(found);
  out.header("ETag", "W/\"" + tag + "\"");
  out.header("Vary", "Accept");
  append_freshness(wanted, api.tokens, found.checkpoint, out);
  if (auto const field = asked.find_header("If-None-Match")) {
    auto const known = parse_entity_tags(*field);
    if (!known) return render_failure(out, known.error());
    if (known->any || std::ranges::find(known->tags, std::string_view(tag), &entity_tag::opaque) != known->tags.end()) {
      out.status = 304;
      return;
    }
  }
  out.content_type = media::json;
  auto& body = out.body;
  body.append("{");
  append_member(body, "projection", asked.param("projection"));
  append_member(body, "key", asked.param("key"));
  append_member(body, "changed", found.changed.value());
  append_json_member(body, "document", found.json);
  append_member(body, "checkpoint", found.checkpoint.value());
  if (found.stale) append_json_member(body, "stale", "true");
  body.append("}");
}

void render_page(wanted_freshness const& wanted, api_context const& api, view_page const& page, incoming const& asked, reply& out) {
  out.header("Vary", "Accept");
  append_freshness(wanted, api.tokens, page.checkpoint, out);
  if (page.next) append_next_link(api, asked, {{"cursor", *page.next}}, out);
  auto& body = out.body;
  if (wants(asked, view_media, media::ndjson)) {
    out.content_type = media::ndjson;
    for (auto const& each : page.documents) append_document(body, each), body.append("\n");
    return;
  }
  out.content_type = media::json;
  body.append("{");
  append_member(body, "projection", asked.param("projection"));
  append_name(body, "documents");
  body.append("[");
  for (auto const& each : page.documents) {
    if (body.back() != '[') body.append(",");
    append_document(body, each);
  }
  body.append("]");
  append_member(body, "checkpoint", page.checkpoint.value());
  if (page.next) append_member(body, "next_cursor", *page.next);
  if (page.stale) append_json_member(body, "stale", "true");
  body.append("}");
}

/// All documents of a query as lines, a page at a time.
class view_lines final : public body_source, public std::enable_shared_from_this<view_lines> {
 public:
  view_lines(api_context& api, view_query first, wanted_freshness wanted) : api_(&api), next_(std::move(first)), wanted_(wanted) {
    next_.limit = streamed_page_documents;
  }

  void next(ticket reply_to) override {
    api_->served.query(next_, [self = shared_from_this(), to = std::move(reply_to)](result<view_page> page) mutable {
      to.answer([self = std::move(self), page = std::move(page)](reply& out, incoming const&) { self->render(page, out); });
    });
  }

 private:
  void render(result<view_page> const& page, reply& out) {
    if (!page) return render_failure(out, page.error());
    if (next_.cursor.empty()) {
      out.header("Vary", "Accept");
      append_freshness(wanted_, api_->tokens, page->checkpoint, out);
    }
    out.content_type = media::ndjson;
    for (auto const& each : page->documents) append_document(out.body, each), out.body.append("\n");
    if (!page->next) return;
    next_.cursor = *page->next;
    next_.after = {};  // the first page has waited
    out.more = shared_from_this();
  }

  api_context* api_;
  view_query next_;
  wanted_freshness wanted_;
};

void answer_view_feed(api_context& api, incoming const& request, std::optional<std::string> key, ticket reply_to) {
  if (auto checked = check_query(request, {"after"}); !checked) return refuse(std::move(reply_to), checked.error());
  std::string projection(request.param("projection"));
  auto const last = request.find_header("Last-Event-ID");
  view_changes_request first{projection, std::string(last ? *last : request.query("after")), view_feed::max_batch_changes, {}};
  if (last && last->empty())
    return refuse(std::move(reply_to), {errc::invalid_argument, "Last-Event-ID: not an id of this feed", {}, {}, {}, {}});
  api.served.changes(std::move(first), [&api, projection = std::move(projection), key = std::move(key),
                                        to = std::move(reply_to)](result<view_changes> changes) mutable {
    to.answer([&api, projection = std::move(projection), key = std::move(key), changes = std::move(changes)](reply& out,
                                                                                                             incoming const&) mutable {
      if (!changes) return render_failure(out, changes.error());
      if (api.draining) return render_failure(out, {errc::draining, "the server is stopping", {}, {}, {}, {}});
      auto place = api.view_feeds->enter();
      if (!place) return render_failure(out, {errc::overloaded, "there are as many feeds as max_subscriptions allows", {}, {}, {}, {}});
      auto feed = std::make_shared<view_feed>(api, *std::move(place), std::move(projection), std::move(key));
      begin_feed(feed, out);
      feed->begin(*changes, out.body);
    });
  });
}

}  // namespace

void answer_document(api_context& api, incoming& request, ticket reply_to) {
  if (wants(request, document_media, media::event_stream))
    return answer_view_feed(api, request, std::string(request.param("key")), std::move(reply_to));
  if (auto checked = check_query(request, {}); !checked) return refuse(std::move(reply_to), checked.error());
  auto const wanted = read_freshness(request, api.tokens, longest_wait(api));
  if (!wanted) return refuse(std::move(reply_to), wanted.error());
  document_request asked{std::string(request.param("projection")), std::string(request.param("key")), wanted->after};
  api.served.find(std::move(asked), [&api, wanted = *wanted, to = std::move(reply_to)](result<document_reply> found) mutable {
    to.answer([&api, wanted, found = std::move(found)](reply& out, incoming const& asked_for) {
      if (!found) return render_failure(out, found.error());
      render_document(wanted, api, *found, asked_for, out);
    });
  });
}

void answer_view(api_context& api, incoming& request, ticket reply_to) {
  if (wants(request, view_media, media::event_stream)) return answer_view_feed(api, request, std::nullopt, std::move(reply_to));
  auto const* const projection = api.served.types().find_projection(request.param("projection"));
  if (projection == nullptr)
    return refuse(std::move(reply_to),
                  {errc::unknown_projection, "there is no projection " + std::string(request.param("projection")), {}, {}, {}, {}});
  auto query = read_view_query(request, *projection, api.limits.max_page_events);
  if (!query) return refuse(std::move(reply_to), query.error());
  auto const wanted = read_freshness(request, api.tokens, longest_wait(api));
  if (!wanted) return refuse(std::move(reply_to), wanted.error());
  query->after = wanted->after;
  if (wants(request, view_media, media::ndjson) && !request.has_query("limit"))
    return std::make_shared<view_lines>(api, *std::move(query), *wanted)->next(std::move(reply_to));
  api.served.query(*std::move(query), [&api, wanted = *wanted, to = std::move(reply_to)](result<view_page> page) mutable {
    to.answer([&api, wanted, page = std::move(page)](reply& out, incoming const& asked) {
      if (!page) return render_failure(out, page.error());
      render_page(wanted, api, *page, asked, out);
    });
  });
}

}  // namespace evoke::http
