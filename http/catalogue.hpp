#pragma once

#include <evoke/registry.hpp>

#include <string>

namespace evoke::http {

/// The body of GET /v1/types: every registered aggregate type with the JSON Schemas of its state, commands and events.
[[nodiscard]] std::string render_catalogue(registry const& types);

}  // namespace evoke::http
