#include "http/trace_context.hpp"

#include "http/field_text.hpp"

#include <algorithm>
#include <cstddef>

namespace evoke::http {
namespace {

constexpr std::size_t traceparent_bytes = 55;
constexpr std::size_t max_tracestate_bytes = 512;
constexpr int max_members = 32;

bool lower_hex(std::string_view text) noexcept {
  return std::ranges::all_of(text, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

bool all_zero(std::string_view text) noexcept {
  return text.find_first_not_of('0') == std::string_view::npos;
}

bool key_char(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || std::string_view("_-*/@").find(c) != std::string_view::npos;
}

bool value_char(char c) noexcept {
  return c >= 0x20 && c <= 0x7E && c != ',' && c != '=';
}

bool valid_member(std::string_view member) noexcept {
  auto const equals = member.find('=');
  if (equals == std::string_view::npos || equals == 0 || equals > 256) return false;
  auto const key = member.substr(0, equals);
  auto const value = member.substr(equals + 1);
  bool const begins_well = (key.front() >= 'a' && key.front() <= 'z') || (key.front() >= '0' && key.front() <= '9');
  return begins_well && std::ranges::all_of(key, key_char) && !value.empty() && value.size() <= 256 &&
         std::ranges::all_of(value, value_char);
}

}  // namespace

std::string_view valid_traceparent(std::string_view field) noexcept {
  if (field.size() < traceparent_bytes) return {};
  auto const version = field.substr(0, 2);
  auto const trace_id = field.substr(3, 32);
  auto const parent_id = field.substr(36, 16);
  if (field[2] != '-' || field[35] != '-' || field[52] != '-') return {};
  if (!lower_hex(version) || !lower_hex(trace_id) || !lower_hex(parent_id) || !lower_hex(field.substr(53, 2))) return {};
  if (version == "ff" || all_zero(trace_id) || all_zero(parent_id)) return {};
  bool const longer = field.size() > traceparent_bytes;
  if (longer && (version == "00" || field[traceparent_bytes] != '-')) return {};
  return field.substr(0, traceparent_bytes);
}

std::string_view valid_tracestate(std::string_view field) noexcept {
  if (field.size() > max_tracestate_bytes) return {};
  int members = 0;
  for (auto rest = field; !rest.empty();) {
    auto const comma = std::min(rest.find(','), rest.size());
    auto const member = trimmed(rest.substr(0, comma));
    rest.remove_prefix(std::min(comma + 1, rest.size()));
    if (member.empty()) continue;
    if (++members > max_members || !valid_member(member)) return {};
  }
  return members == 0 ? std::string_view{} : field;
}

}  // namespace evoke::http
