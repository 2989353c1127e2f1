#include "http/cursor.hpp"

#include <cstddef>
#include <cstdint>

namespace evoke::http {
namespace {

constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

std::string to_base64url(std::string_view bytes) {
  std::string made;
  std::uint32_t bits = 0;
  unsigned held = 0;
  for (char const c : bytes) {
    bits = (bits << 8U) | static_cast<std::uint8_t>(c);
    for (held += 8; held >= 6; held -= 6) made.push_back(alphabet[(bits >> (held - 6)) & 63U]);
  }
  if (held > 0) made.push_back(alphabet[(bits << (6 - held)) & 63U]);
  return made;
}

std::optional<std::string> from_base64url(std::string_view text) {
  std::string made;
  std::uint32_t bits = 0;
  unsigned held = 0;
  for (char const c : text) {
    auto const digit = alphabet.find(c);
    if (digit == std::string_view::npos) return std::nullopt;
    bits = (bits << 6U) | static_cast<std::uint32_t>(digit);
    held += 6;
    if (held < 8) continue;
    held -= 8;
    made.push_back(static_cast<char>((bits >> held) & 0xFFU));
  }
  return made;
}

}  // namespace

std::string make_cursor(std::string_view listing, std::string_view last) {
  return to_base64url(std::string(listing).append("\n").append(last));
}

std::optional<std::string> read_cursor(std::string_view listing, std::string_view cursor) {
  auto decoded = from_base64url(cursor);
  if (!decoded) return std::nullopt;
  auto const mark = std::string(listing).append("\n");
  if (!decoded->starts_with(mark)) return std::nullopt;
  return decoded->substr(mark.size());
}

}  // namespace evoke::http
