#pragma once

#include "http/api.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace evoke::http {

/// Appends the RFC 8288 header `Link: <path?...>; rel="next"`: the request's own path and query, with `changed` parameters set anew.
void append_next_link(api_context const& api, incoming const& request, std::vector<std::pair<std::string_view, std::string>> const& changed,
                      reply& out);

}  // namespace evoke::http
