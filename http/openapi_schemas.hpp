#pragma once

#include <string_view>

namespace evoke::http {

/// The component schemas of the generic API, a JSON object by name.
[[nodiscard]] std::string_view openapi_schemas() noexcept;
/// Those of /v1/commands:batch, likewise; of /v1/subscriptions; of /v1/processes.
[[nodiscard]] std::string_view openapi_batch_schemas() noexcept;
[[nodiscard]] std::string_view openapi_subscription_schemas() noexcept;
[[nodiscard]] std::string_view openapi_process_schemas() noexcept;

}  // namespace evoke::http
