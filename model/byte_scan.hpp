#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

/// Looking at eight bytes of text at once. In what these answer, the highest bit of a byte is set where the question holds; bits above
/// the lowest one set may be wrong (subtraction borrows), so only "none" and "the first" may be read from it.
namespace evoke::detail {

inline constexpr std::uint64_t every_byte = 0x0101010101010101ULL;
inline constexpr std::uint64_t every_high_bit = 0x8080808080808080ULL;

[[nodiscard]] inline std::uint64_t load_eight(char const* from) noexcept {
  std::uint64_t eight = 0;
  std::memcpy(&eight, from, sizeof eight);
  if constexpr (std::endian::native == std::endian::big) eight = __builtin_bswap64(eight);
  return eight;
}

[[nodiscard]] inline std::uint64_t bytes_that_are(char wanted, std::uint64_t eight) noexcept {
  auto const differs = eight ^ (every_byte * static_cast<unsigned char>(wanted));
  return (differs - every_byte) & ~differs & every_high_bit;
}

/// Quotes, backslashes and control characters: what does not stand for itself in a JSON string.
[[nodiscard]] inline std::uint64_t bytes_that_end_plain_text(std::uint64_t eight) noexcept {
  auto const control = (eight - every_byte * 0x20) & ~eight & every_high_bit;
  return control | bytes_that_are('"', eight) | bytes_that_are('\\', eight);
}

[[nodiscard]] inline std::uint64_t bytes_beyond_ascii(std::uint64_t eight) noexcept {
  return eight & every_high_bit;
}

/// Index of the first byte whose bit is set; `found` must not be 0.
[[nodiscard]] inline std::size_t first_of(std::uint64_t found) noexcept {
  return static_cast<std::size_t>(std::countr_zero(found)) / 8;
}

/// As bytes_that_end_plain_text, for one.
[[nodiscard]] inline bool ends_plain_text(char c) noexcept {
  return static_cast<unsigned char>(c) < 0x20 || c == '"' || c == '\\';
}

}  // namespace evoke::detail
