#include "http/generic_routes.hpp"

#include <array>

namespace evoke::http {
namespace {

constexpr std::array<std::string_view, 1> metrics_media{media::metrics};

}  // namespace

std::span<generic_route const> generic_routes() noexcept {
  static constexpr std::array routes{
      generic_route{method::get, "/", answer_home, "home", "Where everything is", "", "", "home", ""},
      generic_route{method::get, "/livez", answer_livez, "livez", "Whether the process runs", "verbose", "", "health", ""},
      generic_route{method::get, "/readyz", answer_readyz, "readyz", "Whether commands are taken", "verbose", "", "health", "503"},
      generic_route{method::get, "/openapi.json", answer_openapi, "openapi", "This document", "", "", "any_object", "304"},
      generic_route{method::get, "/v1/info", answer_info, "info", "The store, its limits and how it is doing", "", "", "info", ""},
      generic_route{method::get, "/v1/types", answer_types, "types", "The aggregate types with their commands and events", "", "",
                    "catalogue", "304"},
      generic_route{method::get, "/v1/aggregates/{type}", answer_listing, "list_aggregates",
                    "The ids of a type's aggregates, in byte order", "limit cursor", "", "aggregate_list", "404 503"},
      generic_route{method::get, "/v1/aggregates/{type}/{id}", answer_state, "read_aggregate", "An aggregate's state, now or as it was",
                    "version at If-None-Match If-Match Accept-Datetime", "", "aggregate", "304 404 412 422 503"},
      generic_route{method::post, "/v1/aggregates/{type}/{id}/commands/{command}", answer_command, "execute_command",
                    "Asks an aggregate to do something",
                    "dry_run If-Match If-None-Match Idempotency-Key Prefer Correlation-Id Causation-Id traceparent tracestate",
                    "any_object", "command_reply", "201 204 403 404 409 412 413 415 422 428 503 504 507"},
      generic_route{method::get, "/v1/streams/{type}/{id}", answer_stream, "read_stream", "One aggregate's events: a page, or a live feed",
                    "from_version limit direction after If-None-Match Last-Event-ID", "", "stream_page", "304 404 503", feed_media},
      generic_route{method::post, "/v1/streams/{type}/{id}", answer_append, "append_events",
                    "Appends raw events to a stream whose type is not registered",
                    "If-Match If-None-Match Correlation-Id Causation-Id traceparent tracestate", "raw_events", "command_reply",
                    "201 403 409 412 413 415 422 503 504 507"},
      generic_route{method::get, "/v1/events", answer_log, "read_log", "The log, all events in order of position: a page, or a live feed",
                    "after since limit aggregate_type event_type correlation_id id_prefix Last-Event-ID", "", "log_page", "404 503",
                    feed_media},
      generic_route{method::get, "/v1/events/{event_id}", answer_event, "read_event", "One event", "", "", "event", "404 503"},
      generic_route{method::get, "/v1/views/{projection}", answer_view, "read_view",
                    "Documents of a read model, by key or by one index: a page, all as lines, or as they change",
                    "where index limit cursor prefix direction after Consistency-Token Prefer Last-Event-ID", "", "view_page", "404 503",
                    view_media},
      generic_route{method::get, "/v1/views/{projection}/{key}", answer_document, "read_document",
                    "A document of a read model, or its changes", "after Consistency-Token Prefer If-None-Match Last-Event-ID", "",
                    "view_document", "304 404 503", document_media},
      generic_route{method::get, "/v1/projections", answer_projections, "list_projections", "The projections and how they are doing", "",
                    "", "projection_list", "503"},
      generic_route{method::get, "/v1/projections/{projection}", answer_projection, "read_projection", "How a projection is doing", "", "",
                    "projection_status", "404 503"},
      generic_route{method::post, "/v1/projections/{projection}:pause", answer_pause, "pause_projection",
                    "Stops a projection where it is, until it is resumed", "", "", "projection_status", "404 503"},
      generic_route{method::post, "/v1/projections/{projection}:resume", answer_resume, "resume_projection",
                    "Lets a projection go on, also after an event stopped it", "", "", "projection_status", "404 503"},
      generic_route{method::post, "/v1/projections/{projection}:rebuild", answer_rebuild, "rebuild_projection",
                    "Builds a read model anew beside the one that answers", "", "", "projection_status", "404 503"},
      generic_route{method::get, "/v1/projections/{projection}/dead-letters", answer_dead_letters, "list_dead_letters",
                    "Events that a projection could not handle, and those that wait behind them", "limit cursor", "", "dead_letter_page",
                    "404 503"},
      generic_route{method::post, "/v1/projections/{projection}/dead-letters/{number}:retry", answer_retry, "retry_dead_letter",
                    "Tries a dead letter again, or all of its aggregate's row", "row", "", "letters_handled", "404 503"},
      generic_route{method::post, "/v1/projections/{projection}/dead-letters/{number}:skip", answer_skip, "skip_dead_letter",
                    "Gives a dead letter up; the read model goes on without that event", "", "", "letters_handled", "404 503"},
      generic_route{method::get, "/v1/subscriptions", answer_subscriptions, "list_subscriptions", "The persistent subscriptions", "", "",
                    "subscription_list", "503"},
      generic_route{method::get, "/v1/subscriptions/{subscription}", answer_subscription, "read_subscription",
                    "How a persistent subscription is doing", "", "", "subscription", "404 503"},
      generic_route{method::put, "/v1/subscriptions/{subscription}", answer_put_subscription, "put_subscription",
                    "Creates a persistent subscription, or changes its settings", "", "subscription_settings", "subscription",
                    "201 404 415 422 503"},
      generic_route{method::delete_, "/v1/subscriptions/{subscription}", answer_delete_subscription, "delete_subscription",
                    "Removes a persistent subscription with all it keeps", "", "", "", "204 404 503"},
      generic_route{method::post, "/v1/subscriptions/{subscription}:fetch", answer_fetch, "fetch_events",
                    "Takes events on a lease; with Prefer: wait, waits for the first", "limit Prefer", "", "delivery_batch", "404 503"},
      generic_route{method::post, "/v1/subscriptions/{subscription}:ack", answer_ack, "ack_events", "Events of a lease are done", "", "ack",
                    "acknowledgement", "404 409 415 503"},
      generic_route{method::post, "/v1/subscriptions/{subscription}:nack", answer_nack, "nack_events",
                    "Events of a lease are to be delivered again, parked, or skipped", "", "nack", "acknowledgement", "404 409 415 503"},
      generic_route{method::get, "/v1/subscriptions/{subscription}/parked", answer_parked, "list_parked_events",
                    "Events that were put aside", "limit cursor", "", "parked_page", "404 503"},
      generic_route{method::post, "/v1/subscriptions/{subscription}:replay-parked", answer_replay_parked, "replay_parked_events",
                    "Parked events go to consumers again; dry_run says how many it would be", "limit dry_run", "", "replay_count",
                    "404 503"},
      generic_route{method::get, "/metrics", answer_metrics, "metrics", "For Prometheus", "", "", "", "503", metrics_media},
  };
  return routes;
}

}  // namespace evoke::http
