#pragma once

#include <cstdint>
#include <string_view>

namespace evoke::detail {

/// What an idempotency record remembers of a request: 64 bits over the command's name and its minified body (FNV-1a, Fowler/Noll/Vo).
/// Stored, so it must never change.
[[nodiscard]] constexpr std::uint64_t fingerprint(std::string_view command, std::string_view minified_body) noexcept {
  std::uint64_t hash = 0xcbf29ce484222325ULL;
  auto const add = [&hash](char each) {
    hash ^= static_cast<unsigned char>(each);
    hash *= 0x100000001b3ULL;
  };
  for (char const each : command) add(each);
  add('\0');
  for (char const each : minified_body) add(each);
  return hash;
}

}  // namespace evoke::detail
