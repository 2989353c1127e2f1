#include <evoke/json/writer.hpp>
#include <evoke/utf8.hpp>

#include "model/byte_scan.hpp"

#include <array>
#include <charconv>
#include <cmath>

namespace evoke::json {
namespace {

/// Length of the beginning that goes out as it is and needs no check.
std::size_t plain_prefix(std::string_view text) noexcept {
  std::size_t i = 0;
  while (text.size() - i >= 8) {
    auto const eight = evoke::detail::load_eight(text.data() + i);
    auto const stops = evoke::detail::bytes_that_end_plain_text(eight) | evoke::detail::bytes_beyond_ascii(eight);
    if (stops != 0) return i + evoke::detail::first_of(stops);
    i += 8;
  }
  while (i < text.size() && !evoke::detail::ends_plain_text(text[i]) && static_cast<unsigned char>(text[i]) < 0x80) ++i;
  return i;
}

void append_escaped(std::string& out, char c) {
  constexpr std::string_view digits = "0123456789abcdef";
  switch (c) {
    case '"': out += "\\\""; return;
    case '\\': out += "\\\\"; return;
    case '\b': out += "\\b"; return;
    case '\f': out += "\\f"; return;
    case '\n': out += "\\n"; return;
    case '\r': out += "\\r"; return;
    case '\t': out += "\\t"; return;
    default: break;
  }
  out += "\\u00";
  out += digits[static_cast<unsigned char>(c) >> 4U];
  out += digits[static_cast<unsigned char>(c) & 0x0FU];
}

template <class Number>
std::string_view print(std::array<char, 32>& into, Number value) noexcept {
  return {into.data(), std::to_chars(into.data(), into.data() + into.size(), value).ptr};
}

}  // namespace

void writer::signed_integer(std::int64_t value) {
  std::array<char, 32> digits;  // NOLINT: to_chars fills it
  raw(print(digits, value));
}

void writer::unsigned_integer(std::uint64_t value) {
  std::array<char, 32> digits;  // NOLINT: to_chars fills it
  raw(print(digits, value));
}

bool writer::number(double value) {
  if (!std::isfinite(value)) return refuse("is not a finite number");
  std::array<char, 32> digits;  // NOLINT: to_chars fills it
  raw(print(digits, value));
  return true;
}

bool writer::number(float value) {
  if (!std::isfinite(value)) return refuse("is not a finite number");
  std::array<char, 32> digits;  // NOLINT: to_chars fills it
  raw(print(digits, value));
  return true;
}

bool writer::string(std::string_view text) {
  separate();
  out_ += '"';
  auto const plain = plain_prefix(text);
  out_.append(text.data(), plain);
  text.remove_prefix(plain);
  if (!text.empty()) {
    if (!is_utf8(text)) return refuse("is not valid UTF-8");
    for (char const c : text) {
      if (evoke::detail::ends_plain_text(c)) {
        append_escaped(out_, c);
      } else {
        out_ += c;
      }
    }
  }
  out_ += '"';
  return true;
}

void writer::copy(value from) {
  switch (from.kind()) {
    case kind::null: return null();
    case kind::boolean: return boolean(*from.as_bool());
    case kind::number: return raw(*from.number_text());
    case kind::string: string(*from.as_string()); return;
    case kind::array:
      begin_array();
      for (auto const each : from.elements()) copy(each);
      return end_array();
    case kind::object:
      begin_object();
      for (auto const& [name, each] : from.members()) {
        key(name);
        copy(each);
      }
      return end_object();
  }
}

bool writer::open(char bracket) {
  separate();
  out_ += bracket;
  if (++depth_ > default_max_depth) return refuse("is nested deeper than " + std::to_string(default_max_depth) + " levels");
  return true;
}

bool writer::refuse(std::string detail) {
  refusal_ = {"", std::move(detail)};
  return false;
}

bool writer::within(std::string_view name) {
  std::string outer;
  append_pointer_segment(outer, name);
  refusal_.pointer.insert(0, outer);
  return false;
}

}  // namespace evoke::json
