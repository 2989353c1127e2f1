#include <evoke/json/document.hpp>

#include <algorithm>
#include <charconv>

namespace evoke::json {
namespace {

/// Where the first digit that is not zero stands: 1 for 1.5 and 9, 3 for 250, -2 for 0.001; exponent included. `text` is a JSON number.
long decimal_magnitude(std::string_view text) noexcept {
  constexpr long beyond = 1'000'000'000;
  auto const exponent_at = text.find_first_of("eE");
  auto const digits = text.substr(0, exponent_at);
  auto const first = digits.find_first_of("123456789");
  auto const point = std::min(digits.find('.'), digits.size());
  long magnitude = first < point ? static_cast<long>(point - first) : -static_cast<long>(first - point - 1);
  if (exponent_at == std::string_view::npos) return magnitude;
  auto exponent_text = text.substr(exponent_at + 1);
  bool const negative = exponent_text.front() == '-';
  if (negative || exponent_text.front() == '+') exponent_text.remove_prefix(1);
  long exponent = 0;
  if (std::from_chars(exponent_text.data(), exponent_text.data() + exponent_text.size(), exponent).ec != std::errc{} || exponent > beyond)
    exponent = beyond;
  return magnitude + (negative ? -exponent : exponent);
}

}  // namespace

std::string_view describe_kind(kind which) noexcept {
  switch (which) {
    case kind::null: return "null";
    case kind::boolean: return "a boolean";
    case kind::number: return "a number";
    case kind::string: return "a string";
    case kind::array: return "an array";
    case kind::object: return "an object";
  }
  return "nothing";
}

void append_pointer_segment(std::string& pointer, std::string_view text) {
  pointer += '/';
  for (char const c : text) {
    if (c == '~') {
      pointer += "~0";
    } else if (c == '/') {
      pointer += "~1";
    } else {
      pointer += c;
    }
  }
}

std::optional<double> value::as_double() const noexcept {
  auto const text = number_text();
  if (!text) return std::nullopt;
  double number = 0;
  if (std::from_chars(text->data(), text->data() + text->size(), number).ec == std::errc{}) return number;
  // from_chars gives up on both sides of the range. What lies below the smallest subnormal has a nearest double, zero; the rest has none.
  if (decimal_magnitude(*text) > 0) return std::nullopt;
  return text->front() == '-' ? -0.0 : 0.0;
}

std::size_t value::size() const noexcept {
  auto const& node = owner_->nodes_[index_];
  return node.kind == kind::array || node.kind == kind::object ? node.length : 0;
}

std::optional<value> value::find(std::string_view name) const noexcept {
  for (auto const& [each, found] : members())
    if (each == name) return found;
  return std::nullopt;
}

std::string value::pointer() const {
  std::string made;
  auto const& nodes = owner_->nodes_;
  // From the root down: into the container that spans the index, past all that end before it.
  for (std::uint32_t at = 0; at != index_;) {
    if (nodes[at].kind == kind::array) {
      std::size_t position = 0;
      for (++at; nodes[at].next <= index_; at = nodes[at].next) ++position;
      append_pointer_segment(made, std::to_string(position));
    } else {
      for (++at; nodes[at + 1].next <= index_;) at = nodes[at + 1].next;
      append_pointer_segment(made, owner_->text_of(nodes[at]));
      ++at;
    }
  }
  return made;
}

std::string_view value::source(std::string_view parsed) const noexcept {
  if (!is_array() && !is_object()) return {};
  std::size_t const begin = owner_->nodes_[index_].text;
  // Well-formed: outside strings brackets balance, and a quote ends a string unless a backslash stands before it.
  auto at = begin;
  std::size_t depth = 0;
  bool in_string = false;
  do {
    char const c = parsed[at++];
    if (c == '"') in_string = !in_string;
    if (in_string && c == '\\') ++at;
    if (!in_string && (c == '{' || c == '[')) ++depth;
    if (!in_string && (c == '}' || c == ']')) --depth;
  } while (depth > 0);
  return parsed.substr(begin, at - begin);
}

}  // namespace evoke::json
