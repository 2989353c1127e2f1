#pragma once

#include <cstddef>
#include <string_view>

/// Small readings of header field values (RFC 9110, section 5.6).
namespace evoke::http {

[[nodiscard]] constexpr char ascii_lower(char c) noexcept {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
}

/// Equal but for the case of ASCII letters: how field names, tokens and media types compare.
[[nodiscard]] constexpr bool iequals(std::string_view a, std::string_view b) noexcept {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i)
    if (ascii_lower(a[i]) != ascii_lower(b[i])) return false;
  return true;
}

/// Without spaces and tabs at either end.
[[nodiscard]] constexpr std::string_view trimmed(std::string_view text) noexcept {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

[[nodiscard]] constexpr bool is_token_char(char c) noexcept {
  if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')) return true;
  return std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
}

/// A non-empty token.
[[nodiscard]] constexpr bool is_token(std::string_view text) noexcept {
  if (text.empty()) return false;
  for (char const c : text)
    if (!is_token_char(c)) return false;
  return true;
}

/// Cuts the next piece off `rest`, up to `separator` or the end, without outer white space; a separator inside a quoted string does not
/// count. Call while `rest` is not empty.
[[nodiscard]] constexpr std::string_view next_piece(std::string_view& rest, char separator) noexcept {
  bool quoted = false;
  std::size_t i = 0;
  for (; i < rest.size(); ++i) {
    if (quoted && rest[i] == '\\') {
      ++i;
    } else if (rest[i] == '"') {
      quoted = !quoted;
    } else if (rest[i] == separator && !quoted) {
      break;
    }
  }
  auto const end = i < rest.size() ? i : rest.size();
  auto const piece = trimmed(rest.substr(0, end));
  rest.remove_prefix(end < rest.size() ? end + 1 : rest.size());
  return piece;
}

}  // namespace evoke::http
