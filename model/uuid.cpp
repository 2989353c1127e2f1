#include <evoke/context.hpp>
#include <evoke/ids.hpp>

#include <random>

namespace evoke {
namespace {

constexpr std::size_t text_length = 36;

constexpr bool is_dash_at(std::size_t i) noexcept {
  return i == 8 || i == 13 || i == 18 || i == 23;
}

int hex_digit(char c) noexcept {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

uuid as_version_4(uuid::bytes_type bytes) noexcept {
  bytes[6] = static_cast<std::uint8_t>((bytes[6] & 0x0FU) | 0x40U);
  bytes[8] = static_cast<std::uint8_t>((bytes[8] & 0x3FU) | 0x80U);  // the variant of RFC 9562
  return uuid{bytes};
}

}  // namespace

uuid uuid::random() {
  std::random_device entropy;
  bytes_type bytes{};
  for (auto& each : bytes) each = static_cast<std::uint8_t>(entropy());
  return as_version_4(bytes);
}

result<uuid> uuid::parse(std::string_view text) {
  auto const refused = [] { return fail(errc::invalid_argument, "a UUID has 32 hexadecimal digits in groups of 8-4-4-4-12"); };
  if (text.size() != text_length) return refused();
  bytes_type bytes{};
  std::size_t filled = 0;
  for (std::size_t i = 0; i < text_length;) {
    if (is_dash_at(i)) {
      if (text[i++] != '-') return refused();
      continue;
    }
    auto const high = hex_digit(text[i]);
    auto const low = hex_digit(text[i + 1]);
    if (high < 0 || low < 0) return refused();
    bytes[filled++] = static_cast<std::uint8_t>(high * 16 + low);
    i += 2;
  }
  return uuid{bytes};
}

std::string uuid::str() const {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text(text_length, '-');
  std::size_t at = 0;
  for (auto const byte : bytes_) {
    if (is_dash_at(at)) ++at;
    text[at++] = digits[byte >> 4U];
    text[at++] = digits[byte & 0x0FU];
  }
  return text;
}

uuid context::new_id() const noexcept {
  uuid::bytes_type bytes{};
  for (std::size_t half = 0; half < 2; ++half) {
    auto const bits = random();
    for (std::size_t i = 0; i < 8; ++i) bytes[half * 8 + i] = static_cast<std::uint8_t>(bits >> (56 - 8 * i));
  }
  return as_version_4(bytes);
}

}  // namespace evoke
