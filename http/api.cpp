#include "http/api.hpp"

#include "http/catalogue.hpp"
#include "http/generic_routes.hpp"
#include "http/negotiation.hpp"
#include "http/openapi.hpp"
#include "http/problem.hpp"

namespace evoke::http {

api_context::api_context(runtime& served_, server_options options_, std::vector<route> const& custom)
    : served(served_),
      options(std::move(options_)),
      limits(served.info().limits),
      tokens(served.info().store_id),
      types(render_catalogue(served.types())),
      openapi(render_openapi(served.types(), custom, options)),
      view_feeds(std::make_shared<feed_counter>(limits.max_subscriptions)) {}

api::api(runtime& served, server_options options, std::vector<route> const& custom) : context_(served, std::move(options), custom) {}

result<std::shared_ptr<api>> api::make(runtime& served, server_options options, std::vector<route> custom) {
  std::shared_ptr<api> made(new api(served, std::move(options), custom));
  auto const add = [&](method which, std::string_view pattern, endpoint answers) -> result<void> {
    auto const number = static_cast<std::uint32_t>(made->endpoints_.size());
    made->endpoints_.push_back(std::move(answers));
    return made->router_.add(which, pattern, number);
  };
  for (auto const& each : generic_routes())
    if (auto added = add(each.which, each.pattern, {each.answer, {}, !each.request.empty(), each.media}); !added)
      return std::unexpected(std::move(added.error()));
  for (auto& each : custom) {
    if (!each.handler) return fail(errc::invalid_argument, "route " + each.pattern + " has no handler");
    if (auto added = add(each.method, each.pattern, {nullptr, std::move(each.handler), false, {}}); !added)
      return std::unexpected(std::move(added.error()));
  }
  return made;
}

void api::handle(incoming& request, ticket reply_to) {
  auto const found = router_.find(request);
  if (found.what != router::match::end::found) return refuse(request, std::move(reply_to), found.what);
  auto const& answers = endpoints_[found.endpoint];
  if (!answers.media.empty() && !negotiate(request.header("Accept"), answers.media))
    return reply_to.answer([&](reply& out, incoming const&) {
      std::string list;
      for (auto const each : answers.media) list.append(list.empty() ? "" : ", ").append(each);
      render_problem(out, problems::not_acceptable, "to be had are " + list);
    });
  if (answers.takes_json && !is_json_type(request.header("Content-Type")))
    return reply_to.answer([](reply& out, incoming const&) {
      render_problem(out, problems::unsupported_media_type, "the body must be application/json in UTF-8");
      out.header("Accept", media::json);
    });
  if (answers.generic == nullptr) return call(answers.custom, request, std::move(reply_to));
  answers.generic(context_, request, std::move(reply_to));
}

void api::refuse(incoming& request, ticket reply_to, router::match::end why) const {
  reply_to.answer([&](reply& out, incoming const& asked) {
    bool const server_wide = asked.method() == method::options && asked.target() == "*";
    if (asked.method() == method::other)
      return render_problem(out, problems::method_not_implemented, "GET, HEAD, POST, PUT, PATCH, DELETE and OPTIONS are known here");
    auto const allowed = server_wide ? std::string("GET, HEAD, POST, PUT, DELETE, PATCH, OPTIONS") : router_.allowed(asked);
    if (why == router::match::end::no_route && !server_wide)
      return render_problem(out, problems::no_such_route, "see GET / for what there is");
    if (asked.method() == method::options)
      out.status = 204;
    else
      render_problem(out, problems::method_not_allowed, "allowed are " + allowed);
    out.header("Allow", allowed);
  });
  static_cast<void>(request);
}

void api::call(handler const& custom, incoming const& request, ticket reply_to) {
  responder respond = [to = std::move(reply_to)](response made) mutable {
    to.answer([made = std::move(made)](reply& out, incoming const&) mutable { out.assign(std::move(made)); });
  };
  try {
    custom(request, std::move(respond));
  } catch (...) {
    // The program's own code: whatever it threw, the responder died with it and answered 500.
  }
}

}  // namespace evoke::http
