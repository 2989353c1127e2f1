#include <evoke/utf8.hpp>

#include "model/byte_scan.hpp"

#include <cstdint>

namespace evoke {
namespace {

unsigned char byte_at(std::string_view text, std::size_t i) noexcept {
  return static_cast<unsigned char>(text[i]);
}

/// Length of the sequence at `i`, 0 when it is ill-formed or cut off.
std::size_t sequence_length(std::string_view text, std::size_t i) noexcept {
  auto const first = byte_at(text, i);
  auto const left = text.size() - i;
  auto const continues = [&](std::size_t at) { return (byte_at(text, i + at) & 0xC0U) == 0x80U; };

  if (first < 0x80) return 1;
  if (first < 0xC2) return 0;  // a continuation byte, or an overlong form of two
  if (first < 0xE0) return left >= 2 && continues(1) ? 2 : 0;
  if (first < 0xF0) {
    if (left < 3 || !continues(1) || !continues(2)) return 0;
    auto const second = byte_at(text, i + 1);
    if (first == 0xE0 && second < 0xA0) return 0;   // overlong
    if (first == 0xED && second >= 0xA0) return 0;  // surrogates
    return 3;
  }
  if (first > 0xF4 || left < 4 || !continues(1) || !continues(2) || !continues(3)) return 0;
  auto const second = byte_at(text, i + 1);
  if (first == 0xF0 && second < 0x90) return 0;   // overlong
  if (first == 0xF4 && second >= 0x90) return 0;  // beyond U+10FFFF
  return 4;
}

}  // namespace

std::size_t utf8_prefix(std::string_view text) noexcept {
  std::size_t i = 0;
  while (i < text.size()) {
    // Nearly all text is ASCII: look at eight bytes at once.
    if (text.size() - i >= sizeof(std::uint64_t)) {
      auto const beyond = detail::bytes_beyond_ascii(detail::load_eight(text.data() + i));
      if (beyond == 0) {
        i += sizeof(std::uint64_t);
        continue;
      }
      i += detail::first_of(beyond);
    }
    auto const length = sequence_length(text, i);
    if (length == 0) return i;
    i += length;
  }
  return i;
}

char32_t take_code_point(std::string_view& text) noexcept {
  auto const length = sequence_length(text, 0);
  auto const first = byte_at(text, 0);
  char32_t code = length < 2 ? first : length == 2 ? first & 0x1FU : length == 3 ? first & 0x0FU : first & 0x07U;
  for (std::size_t i = 1; i < length; ++i) code = (code << 6U) | (byte_at(text, i) & 0x3FU);
  text.remove_prefix(length == 0 ? 1 : length);
  return code;
}

}  // namespace evoke
