#include "replay/encoding.hpp"

#include <evoke/utf8.hpp>

#include <array>
#include <cstdint>

namespace replay {
namespace {

/// What the bytes 0x80 to 0x9F mean in Windows-1252; all others are the code points of their value.
constexpr std::array<char16_t, 32> windows_1252_80_to_9f = {
    0x20AC, 0x0081, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0x008D, 0x017D, 0x008F,
    0x0090, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x009D, 0x017E, 0x0178};

constexpr char as_char(unsigned value) {
  return static_cast<char>(static_cast<unsigned char>(value));
}

void append(std::string& out, unsigned code_point) {
  if (code_point < 0x80) {
    out.push_back(as_char(code_point));
  } else if (code_point < 0x800) {
    out.push_back(as_char(0xC0U | code_point >> 6U));
    out.push_back(as_char(0x80U | (code_point & 0x3FU)));
  } else {
    out.push_back(as_char(0xE0U | code_point >> 12U));
    out.push_back(as_char(0x80U | (code_point >> 6U & 0x3FU)));
    out.push_back(as_char(0x80U | (code_point & 0x3FU)));
  }
}

}  // namespace

std::string to_utf8(std::string_view bytes) {
  if (evoke::is_utf8(bytes)) return std::string(bytes);
  std::string out;
  out.reserve(bytes.size() + bytes.size() / 2);
  for (char const c : bytes) {
    auto const byte = static_cast<unsigned char>(c);
    append(out, byte >= 0x80 && byte <= 0x9F ? windows_1252_80_to_9f[byte - 0x80U] : byte);
  }
  return out;
}

}  // namespace replay
