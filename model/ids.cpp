#include <evoke/ids.hpp>
#include <evoke/utf8.hpp>

#include <algorithm>

namespace evoke {
namespace {

constexpr std::size_t max_id_bytes = 128;
constexpr std::size_t max_name_bytes = 64;

/// Unicode's White_Space property.
bool is_white_space(char32_t code) noexcept {
  return (code >= 0x09 && code <= 0x0D) || code == 0x20 || code == 0x85 || code == 0xA0 || code == 0x1680 ||
         (code >= 0x2000 && code <= 0x200A) || code == 0x2028 || code == 0x2029 || code == 0x202F || code == 0x205F || code == 0x3000;
}

/// C0, DEL and C1.
bool is_control(char32_t code) noexcept {
  return code < 0x20 || (code >= 0x7F && code <= 0x9F);
}

bool is_letter(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool is_name_character(char c) noexcept {
  return is_letter(c) || (c >= '0' && c <= '9') || c == '_' || c == '.' || c == '-';
}

result<void> check_name(std::string_view text, std::string_view what) {
  auto const refuse = [&](std::string_view rule) { return fail(errc::invalid_argument, std::string(what) + std::string(rule)); };
  if (text.empty()) return refuse(" must not be empty");
  if (text.size() > max_name_bytes) return refuse(" must not be longer than 64 bytes");
  if (!is_letter(text.front())) return refuse(" must begin with a letter A-Z or a-z");
  if (!std::ranges::all_of(text, is_name_character)) return refuse(" may hold only letters A-Z and a-z, digits, '_', '.' and '-'");
  return {};
}

}  // namespace

result<void> aggregate_id_rule::check(std::string_view text) {
  auto const refuse = [](char const* rule) { return fail(errc::invalid_argument, rule); };
  if (text.empty()) return refuse("an aggregate id must not be empty");
  if (text.size() > max_id_bytes) return refuse("an aggregate id must not be longer than 128 bytes");
  if (text == "." || text == "..") return refuse("an aggregate id must not be '.' or '..': clients collapse them in paths");
  if (!is_utf8(text)) return refuse("an aggregate id must be valid UTF-8");

  bool first = true;
  char32_t code = 0;
  while (!text.empty()) {
    code = take_code_point(text);
    if (is_control(code)) return refuse("an aggregate id must not hold control characters");
    if (code == U'/') return refuse("an aggregate id must not hold '/'");
    if (first && is_white_space(code)) return refuse("an aggregate id must not begin with white space");
    first = false;
  }
  if (is_white_space(code)) return refuse("an aggregate id must not end with white space");
  return {};
}

result<void> aggregate_type_rule::check(std::string_view text) {
  return check_name(text, "an aggregate type");
}

result<void> event_type_rule::check(std::string_view text) {
  return check_name(text, "an event type");
}

result<void> command_name_rule::check(std::string_view text) {
  return check_name(text, "a command name");
}

}  // namespace evoke
