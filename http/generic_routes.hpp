#pragma once

#include "http/api.hpp"

#include "http/feed_format.hpp"

#include <array>
#include <span>
#include <string_view>

namespace evoke::http {

/// One route of the generic API: how it is found, what answers it, and what /openapi.json says of it. Routing and document come from the
/// same line, so that neither can be without the other.
struct generic_route {
  method which;
  std::string_view pattern;
  route_function answer;
  std::string_view id;          ///< OpenAPI's operationId
  std::string_view summary;     ///< one sentence
  std::string_view parameters;  ///< query parameters and headers, with spaces between; openapi_parameters.cpp says what each means
  std::string_view request;     ///< component schema of the body; "" = none
  std::string_view response;    ///< component schema of the 200 answer; "" = text
  std::string_view statuses;    ///< with spaces between; besides 200, and the ones that any route may answer with
  /// What the 200 answer can be had as; the first is what is sent when the client does not say.
  std::span<std::string_view const> media = json_only;

  static constexpr std::array<std::string_view, 1> json_only{media::json};
};

/// What read models can be had as.
inline constexpr std::array<std::string_view, 3> view_media{media::json, media::ndjson, media::event_stream};
inline constexpr std::array<std::string_view, 2> document_media{media::json, media::event_stream};

[[nodiscard]] std::span<generic_route const> generic_routes() noexcept;

/// -- what answers them, one file each
void answer_home(api_context& api, incoming& request, ticket reply_to);
void answer_livez(api_context& api, incoming& request, ticket reply_to);
void answer_readyz(api_context& api, incoming& request, ticket reply_to);
void answer_info(api_context& api, incoming& request, ticket reply_to);
void answer_types(api_context& api, incoming& request, ticket reply_to);
void answer_openapi(api_context& api, incoming& request, ticket reply_to);
void answer_command(api_context& api, incoming& request, ticket reply_to);
void answer_batch(api_context& api, incoming& request, ticket reply_to);
void answer_state(api_context& api, incoming& request, ticket reply_to);
void answer_listing(api_context& api, incoming& request, ticket reply_to);
void answer_stream(api_context& api, incoming& request, ticket reply_to);
void answer_append(api_context& api, incoming& request, ticket reply_to);
void answer_log(api_context& api, incoming& request, ticket reply_to);
void answer_event(api_context& api, incoming& request, ticket reply_to);
void answer_causation(api_context& api, incoming& request, ticket reply_to);
void answer_view(api_context& api, incoming& request, ticket reply_to);
void answer_document(api_context& api, incoming& request, ticket reply_to);
void answer_projections(api_context& api, incoming& request, ticket reply_to);
void answer_projection(api_context& api, incoming& request, ticket reply_to);
void answer_pause(api_context& api, incoming& request, ticket reply_to);
void answer_resume(api_context& api, incoming& request, ticket reply_to);
void answer_rebuild(api_context& api, incoming& request, ticket reply_to);
void answer_dead_letters(api_context& api, incoming& request, ticket reply_to);
void answer_retry(api_context& api, incoming& request, ticket reply_to);
void answer_skip(api_context& api, incoming& request, ticket reply_to);

void answer_processes(api_context& api, incoming& request, ticket reply_to);
void answer_process(api_context& api, incoming& request, ticket reply_to);
void answer_process_instance(api_context& api, incoming& request, ticket reply_to);
void answer_resume_process(api_context& api, incoming& request, ticket reply_to);
void answer_skip_process(api_context& api, incoming& request, ticket reply_to);
void answer_retry_instance(api_context& api, incoming& request, ticket reply_to);
void answer_close_instance(api_context& api, incoming& request, ticket reply_to);

void answer_subscriptions(api_context& api, incoming& request, ticket reply_to);
void answer_subscription(api_context& api, incoming& request, ticket reply_to);
void answer_put_subscription(api_context& api, incoming& request, ticket reply_to);
void answer_delete_subscription(api_context& api, incoming& request, ticket reply_to);
void answer_fetch(api_context& api, incoming& request, ticket reply_to);
void answer_ack(api_context& api, incoming& request, ticket reply_to);
void answer_nack(api_context& api, incoming& request, ticket reply_to);
void answer_parked(api_context& api, incoming& request, ticket reply_to);
void answer_replay_parked(api_context& api, incoming& request, ticket reply_to);
void answer_timers(api_context& api, incoming& request, ticket reply_to);
void answer_metrics(api_context& api, incoming& request, ticket reply_to);

}  // namespace evoke::http
