#include "http/answering.hpp"
#include "http/cursor.hpp"
#include "http/generic_routes.hpp"
#include "http/json_text.hpp"
#include "http/pages.hpp"
#include "http/parameters.hpp"
#include "http/percent.hpp"
#include "http/prefer.hpp"
#include "http/problem.hpp"
#include "http/subscription_bodies.hpp"

#include <algorithm>

/// Persistent subscriptions, so that a worker in any language can be a consumer.
namespace evoke::http {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t standard_limit = 100;
constexpr std::string_view parked_listing = "parked";

std::string name_of(incoming const& request) {
  return std::string(request.param("subscription"));
}

void answer_status(api_context& api, std::string name, bool created, ticket reply_to) {
  api.served.subscriptions().status(std::move(name), answering<persistent_subscription_status>(
                                                         std::move(reply_to), [&api, created](auto const& found, auto const&, reply& out) {
                                                           if (created) {
                                                             out.status = 201;
                                                             std::string place;
                                                             api.append_link(place, "/v1/subscriptions/");
                                                             percent_encode(found.name, place);
                                                             out.header("Location", place);
                                                           }
                                                           append_status(out.body, found);
                                                         }));
}

void put(api_context& api, std::string name, persistent_subscription_settings settings, ticket reply_to) {
  api.served.subscriptions().put(name, std::move(settings), [&api, name, to = std::move(reply_to)](result<bool> created) mutable {
    if (!created) return refuse(std::move(to), std::move(created.error()));
    answer_status(api, std::move(name), *created, std::move(to));
  });
}

}  // namespace

void answer_subscriptions(api_context& api, incoming& request, ticket reply_to) {
  if (auto checked = check_query(request, {}); !checked) return refuse(std::move(reply_to), std::move(checked.error()));
  api.served.subscriptions().list(
      answering<std::vector<persistent_subscription_status>>(std::move(reply_to), [](auto const& all, auto const&, reply& out) {
        out.body.append("{\"subscriptions\":[");
        for (auto const& each : all) {
          if (out.body.back() != '[') out.body.append(",");
          append_status(out.body, each);
        }
        out.body.append("]}");
      }));
}

void answer_subscription(api_context& api, incoming& request, ticket reply_to) {
  if (auto checked = check_query(request, {}); !checked) return refuse(std::move(reply_to), std::move(checked.error()));
  answer_status(api, name_of(request), false, std::move(reply_to));
}

void answer_put_subscription(api_context& api, incoming& request, ticket reply_to) {
  if (auto checked = check_query(request, {}); !checked) return refuse(std::move(reply_to), std::move(checked.error()));
  auto body = read_subscription(request.body());
  if (!body) return refuse(std::move(reply_to), std::move(body.error()));
  auto name = name_of(request);
  if (!body->from_now) return put(api, std::move(name), std::move(body->settings), std::move(reply_to));
  // "now" is the moment it was created, also when the same is sent again.
  api.served.subscriptions().status(name, [&api, name, settings = std::move(body->settings),
                                           to = std::move(reply_to)](result<persistent_subscription_status> there) mutable {
    if (!there && there.error().code != errc::not_found) return refuse(std::move(to), std::move(there.error()));
    settings.after = there ? there->settings.after : api.served.info().head;
    put(api, std::move(name), std::move(settings), std::move(to));
  });
}

void answer_delete_subscription(api_context& api, incoming& request, ticket reply_to) {
  if (auto checked = check_query(request, {}); !checked) return refuse(std::move(reply_to), std::move(checked.error()));
  api.served.subscriptions().remove(name_of(request), [to = std::move(reply_to)](result<void> end) mutable {
    to.answer([end = std::move(end)](reply& out, incoming const&) {
      if (!end) return render_failure(out, end.error());
      out.status = 204;
    });
  });
}

void answer_fetch(api_context& api, incoming& request, ticket reply_to) {
  if (auto checked = check_query(request, {"limit"}); !checked) return refuse(std::move(reply_to), std::move(checked.error()));
  auto const limit = read_limit(request, standard_limit, api.limits.max_page_events);
  if (!limit) return refuse(std::move(reply_to), limit.error());
  // The answer must come before the time for answers is over.
  auto const longest = std::max(0ms, api.options.command_timeout - 500ms);
  auto const wished = parse_prefer(request.header("Prefer")).wait;
  auto const wait = api.draining ? 0ms : std::min<std::chrono::milliseconds>(wished.value_or(0s), longest);
  api.served.subscriptions().fetch(name_of(request), *limit, wait,
                                   answering<delivery_batch>(std::move(reply_to), [wished](auto const& batch, auto const&, reply& out) {
                                     if (wished) out.header("Preference-Applied", "wait=" + std::to_string(wished->count()));
                                     append_deliveries(out.body, batch);
                                   }));
}

void answer_ack(api_context& api, incoming& request, ticket reply_to) {
  if (auto checked = check_query(request, {}); !checked) return refuse(std::move(reply_to), std::move(checked.error()));
  auto body = read_ack(request.body());
  if (!body) return refuse(std::move(reply_to), std::move(body.error()));
  api.served.subscriptions().ack(name_of(request), std::move(body->lease), std::move(body->events),
                                 answering<acknowledgement>(std::move(reply_to), [](auto const& end, auto const&, reply& out) {
                                   append_acknowledgement(out.body, end);
                                 }));
}

void answer_nack(api_context& api, incoming& request, ticket reply_to) {
  if (auto checked = check_query(request, {}); !checked) return refuse(std::move(reply_to), std::move(checked.error()));
  auto body = read_nack(request.body());
  if (!body) return refuse(std::move(reply_to), std::move(body.error()));
  api.served.subscriptions().nack(name_of(request), std::move(body->lease), std::move(body->events), body->action, std::move(body->reason),
                                  answering<acknowledgement>(std::move(reply_to), [](auto const& end, auto const&, reply& out) {
                                    append_acknowledgement(out.body, end);
                                  }));
}

void answer_parked(api_context& api, incoming& request, ticket reply_to) {
  if (auto checked = check_query(request, {"limit", "cursor"}); !checked) return refuse(std::move(reply_to), std::move(checked.error()));
  auto const limit = read_limit(request, standard_limit, api.limits.max_page_events);
  if (!limit) return refuse(std::move(reply_to), limit.error());
  position after{};
  if (request.has_query("cursor")) {
    auto const last = read_cursor(parked_listing, request.query("cursor"));
    auto const number = last ? parse_number(*last) : std::nullopt;
    if (!number) return refuse(std::move(reply_to), {errc::invalid_argument, "cursor: not of this listing", {}, {}, {}});
    after = position{*number};
  }
  api.served.subscriptions().parked(
      name_of(request), after, *limit,
      answering<parked_page>(std::move(reply_to), [&api](auto const& page, incoming const& asked, reply& out) {
        out.body.append("{");
        append_member(out.body, "subscription", asked.param("subscription"));
        append_name(out.body, "parked");
        out.body.append("[");
        for (auto const& each : page.events) {
          if (out.body.back() != '[') out.body.append(",");
          append_parked(out.body, each);
        }
        out.body.append("]");
        if (page.next) {
          auto const cursor = make_cursor(parked_listing, std::to_string(page.next->value()));
          append_next_link(api, asked, {{"cursor", cursor}}, out);
          append_member(out.body, "next_cursor", cursor);
        }
        out.body.append("}");
      }));
}

void answer_replay_parked(api_context& api, incoming& request, ticket reply_to) {
  if (auto checked = check_query(request, {"limit", "dry_run"}); !checked) return refuse(std::move(reply_to), std::move(checked.error()));
  auto const limit = read_number(request, "limit");
  auto const only_count = read_flag(request, "dry_run");
  if (!limit || !only_count) return refuse(std::move(reply_to), limit ? only_count.error() : limit.error());
  api.served.subscriptions().replay_parked(
      name_of(request), static_cast<std::size_t>(limit->value_or(SIZE_MAX)), *only_count,
      answering<std::uint64_t>(std::move(reply_to), [counted = *only_count](std::uint64_t count, auto const&, reply& out) {
        out.body.append("{");
        append_member(out.body, counted ? "would_replay" : "replayed", count);
        out.body.append("}");
      }));
}

}  // namespace evoke::http
