#include "http/idempotency_key.hpp"

#include "http/field_text.hpp"

#include <algorithm>
#include <cstddef>

namespace evoke::http {
namespace {

constexpr std::size_t max_key_bytes = 128;

constexpr bool is_key_char(char c) noexcept {
  return c >= 0x20 && c <= 0x7E;
}

/// Cuts the string off `field`. @returns false when it does not end or holds what a string may not.
bool take_string(std::string_view& field, std::string& out) {
  for (std::size_t i = 1; i < field.size(); ++i) {
    char c = field[i];
    if (c == '"') {
      field.remove_prefix(i + 1);
      return true;
    }
    if (c == '\\') {
      if (++i == field.size()) return false;
      c = field[i];
      if (c != '"' && c != '\\') return false;
    }
    if (!is_key_char(c)) return false;
    out.push_back(c);
  }
  return false;
}

}  // namespace

result<std::string> parse_idempotency_key(std::string_view field) {
  field = trimmed(field);
  std::string key;
  if (field.starts_with('"')) {
    if (!take_string(field, key))
      return fail(errc::invalid_argument, "Idempotency-Key is not a well-formed quoted string of printable ASCII");
  } else {
    auto const end = std::min(field.find(';'), field.size());
    key = trimmed(field.substr(0, end));
    field.remove_prefix(end);
    if (!std::ranges::all_of(key, [](char c) { return is_token_char(c) || c == ':' || c == '/'; }))
      return fail(errc::invalid_argument,
                  "Idempotency-Key is one string; in double quotes when it holds more than letters, digits and -._:/");
  }
  field = trimmed(field);
  if (!field.empty() && field.front() != ';') return fail(errc::invalid_argument, "Idempotency-Key is one string, nothing may follow it");
  if (auto checked = check_idempotency_key(key); !checked) return std::unexpected(std::move(checked.error()));
  return key;
}

result<void> check_idempotency_key(std::string_view key) {
  if (key.empty()) return fail(errc::invalid_argument, "Idempotency-Key is empty");
  if (key.size() > max_key_bytes) return fail(errc::invalid_argument, "Idempotency-Key is longer than 128 bytes");
  if (!std::ranges::all_of(key, is_key_char)) return fail(errc::invalid_argument, "Idempotency-Key is not printable ASCII");
  return {};
}

}  // namespace evoke::http
