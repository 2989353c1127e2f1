#pragma once

#include <span>
#include <string_view>

namespace evoke::http {

/// A parameter of the generic API, as /openapi.json describes it.
struct openapi_parameter {
  std::string_view name;
  std::string_view in;  ///< "path", "query" or "header"
  std::string_view description;
  std::string_view schema;  ///< JSON text
};

[[nodiscard]] std::span<openapi_parameter const> openapi_parameters() noexcept;

}  // namespace evoke::http
