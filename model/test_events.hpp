#pragma once

#include <evoke/ids.hpp>

#include <string>
#include <string_view>

/// What the test kits have in common.
namespace evoke::testing::detail {

[[nodiscard]] inline std::string quoted(std::string_view text) {
  return std::string("'").append(text).append("'");
}

/// Tells events apart and is the same in every run.
[[nodiscard]] inline event_id numbered_id(std::uint64_t position) {
  uuid::bytes_type bytes{};
  bytes[6] = 0x80;  // version 8
  bytes[8] = 0x80;  // the variant of RFC 9562
  for (std::size_t i = 0; i < 7; ++i) bytes[15 - i] = static_cast<std::uint8_t>(position >> (8 * i));
  return event_id{bytes};
}

}  // namespace evoke::testing::detail
