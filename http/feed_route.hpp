#pragma once

#include "http/api.hpp"

#include <memory>

namespace evoke::http {

/// Live feeds, at the routes of the pages they follow on: answered where `Accept` prefers text/event-stream.
void answer_log_feed(api_context& api, incoming& request, ticket reply_to);
void answer_stream_feed(api_context& api, incoming& request, ticket reply_to);

/// Makes `out` the head and the first bytes of a feed: the client sees it open before anything happens.
void begin_feed(std::shared_ptr<body_source> feed, reply& out);

}  // namespace evoke::http
