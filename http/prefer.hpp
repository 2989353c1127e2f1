#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

namespace evoke::http {

/// What `Prefer` (RFC 7240) asks for, as far as it is known here. Unknown preferences and malformed ones are ignored, as the RFC says;
/// of a repeated one the first counts.
struct preferences {
  enum class reply : std::uint8_t { standard, minimal, representation };

  reply wanted = reply::standard;
  std::optional<std::chrono::seconds> wait{};
  std::optional<bool> lenient{};  ///< handling=lenient / handling=strict
};

[[nodiscard]] preferences parse_prefer(std::string_view field) noexcept;

}  // namespace evoke::http
