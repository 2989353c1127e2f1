#pragma once

#include "http/consistency_token.hpp"
#include "http/exchange.hpp"
#include "http/feed_place.hpp"
#include "http/router.hpp"

#include <evoke/http/server.hpp>
#include <evoke/runtime.hpp>

#include <atomic>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace evoke::http {

/// What the routes answer from. Fixed when the server starts, then read by all workers; only `draining` and the count of feeds change.
class api_context {
 public:
  api_context(runtime& served, server_options options, std::vector<route> const& custom);

  runtime& served;
  server_options const options;
  evoke::limits const limits;
  consistency_tokens const tokens;
  std::string const types;    ///< body of GET /v1/types
  std::string const openapi;  ///< body of GET /openapi.json
  std::atomic<bool> draining{false};
  /// Feeds of read models. Those of events are subscriptions, which the runtime counts.
  std::shared_ptr<feed_counter> const view_feeds;

  /// Appends a link to `path` (which begins with /): absolute when the server knows its public address, else relative to the host.
  void append_link(std::string& out, std::string_view path) const { out.append(options.public_url).append(path); }
};

/// Answers a request of the generic API.
using route_function = void (*)(api_context& api, incoming& request, ticket reply_to);

/// All routes, generic and custom, behind one router.
class api final : public dispatcher {
 public:
  /// @returns already_exists when two routes collide, invalid_argument for a pattern that is none.
  [[nodiscard]] static result<std::shared_ptr<api>> make(runtime& served, server_options options, std::vector<route> custom);

  void handle(incoming& request, ticket reply_to) override;
  [[nodiscard]] api_context& context() noexcept { return context_; }

 private:
  struct endpoint {
    route_function generic = nullptr;
    handler custom{};
    bool takes_json = false;
    std::span<std::string_view const> media{};  ///< generic routes: what they can answer with
  };

  api(runtime& served, server_options options, std::vector<route> const& custom);
  void refuse(incoming& request, ticket reply_to, router::match::end why) const;
  static void call(handler const& custom, incoming const& request, ticket reply_to);

  api_context context_;
  router router_;
  std::vector<endpoint> endpoints_;
};

}  // namespace evoke::http
