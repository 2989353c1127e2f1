#pragma once

#include <evoke/metadata.hpp>
#include <evoke/result.hpp>

#include <cstdint>
#include <optional>
#include <string>

namespace evoke::detail {

/// Who asks: the program or a client, or the runtime itself, whose idempotency keys are internal (persistence::is_internal_key).
enum class caller : std::uint8_t { outside, runtime };

/// Holds metadata and key to their limits (metadata.hpp) and to UTF-8, and minifies `extra` in place. An internal key is 2-255 bytes of any
/// kind behind its mark; from outside it is refused.
/// @returns invalid_argument or limit_exceeded naming the field.
[[nodiscard]] result<void> check_limits(metadata& meta, std::optional<std::string> const& key, caller from = caller::outside);

}  // namespace evoke::detail
