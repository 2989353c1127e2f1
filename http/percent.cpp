#include "http/percent.hpp"

#include <evoke/utf8.hpp>

#include <cstddef>
#include <cstdint>

namespace evoke::http {
namespace {

int hex_digit(char c) noexcept {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

bool unreserved(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' || c == '~';
}

}  // namespace

bool percent_decode(std::string_view encoded, plus_sign plus, std::string& out) {
  auto const start = out.size();
  for (std::size_t i = 0; i < encoded.size(); ++i) {
    char const c = encoded[i];
    if (c == '+' && plus == plus_sign::space) {
      out.push_back(' ');
    } else if (c != '%') {
      out.push_back(c);
    } else {
      if (encoded.size() - i < 3) return false;
      int const high = hex_digit(encoded[i + 1]);
      int const low = hex_digit(encoded[i + 2]);
      if (high < 0 || low < 0 || (high == 0 && low == 0)) return false;
      out.push_back(static_cast<char>(high * 16 + low));
      i += 2;
    }
  }
  return is_utf8(std::string_view(out).substr(start));
}

void percent_encode(std::string_view text, std::string& out) {
  static constexpr char digits[] = "0123456789ABCDEF";
  for (char const c : text) {
    if (unreserved(c)) {
      out.push_back(c);
      continue;
    }
    auto const byte = static_cast<std::uint8_t>(c);
    out.push_back('%');
    out.push_back(digits[byte >> 4U]);
    out.push_back(digits[byte & 0xFU]);
  }
}

}  // namespace evoke::http
