#include "model/json_parser.hpp"

#include <evoke/utf8.hpp>

#include "model/byte_scan.hpp"

#include <algorithm>

namespace evoke::json {
namespace {

bool is_digit(char c) noexcept {
  return c >= '0' && c <= '9';
}

/// Bytes that stand for themselves in a string.
struct plain_run {
  char const* end;
  bool ascii;
};

plain_run find_run(char const* at, char const* end) noexcept {
  std::uint64_t beyond_ascii = 0;
  while (end - at >= 8) {
    auto const eight = evoke::detail::load_eight(at);
    auto const stops = evoke::detail::bytes_that_end_plain_text(eight);
    if (stops != 0) {
      auto const length = evoke::detail::first_of(stops);
      auto const before = (std::uint64_t{1} << (8 * length)) - 1;
      return {at + length, (beyond_ascii | evoke::detail::bytes_beyond_ascii(eight & before)) == 0};
    }
    beyond_ascii |= evoke::detail::bytes_beyond_ascii(eight);
    at += 8;
  }
  for (; at != end && !evoke::detail::ends_plain_text(*at); ++at) beyond_ascii |= static_cast<unsigned char>(*at) & 0x80U;
  return {at, beyond_ascii == 0};
}

void append_utf8(std::string& out, std::uint32_t code) {
  auto const byte = [&](std::uint32_t bits) { out += static_cast<char>(static_cast<unsigned char>(bits)); };
  if (code < 0x80) return byte(code);
  if (code < 0x800) {
    byte(0xC0U | (code >> 6U));
  } else {
    if (code < 0x10000) {
      byte(0xE0U | (code >> 12U));
    } else {
      byte(0xF0U | (code >> 18U));
      byte(0x80U | ((code >> 12U) & 0x3FU));
    }
    byte(0x80U | ((code >> 6U) & 0x3FU));
  }
  byte(0x80U | (code & 0x3FU));
}

}  // namespace

bool document::builder::run() {
  skip_space();
  bool complete = false;
  while (!complete)
    if (!value() || !after_value(complete)) return false;
  skip_space();
  return at_ == end_ || refuse("", "is followed by something else" + place());
}

/// A scalar, an empty container, or everything up to the first scalar inside containers.
bool document::builder::value() {
  for (;;) {
    if (at_ == end_) return syntax_error("a value");
    switch (*at_) {
      case '"': return string("the string's closing quote");
      case 't': return literal("true", kind::boolean, true);
      case 'f': return literal("false", kind::boolean, false);
      case 'n': return literal("null", kind::null, false);
      case '[':
        if (!open(kind::array)) return false;
        if (next_is(']')) return true;  // after_value closes it
        break;
      case '{':
        if (!open(kind::object)) return false;
        if (next_is('}')) return true;
        if (!member_name()) return false;
        break;
      default: return number();
    }
  }
}

/// `"name" :`, up to the value.
bool document::builder::member_name() {
  if (!next_is('"')) return syntax_error("a name in quotes");
  ++into_.nodes_[into_.open_.back()].length;
  if (!string("the name's closing quote")) return false;
  name_pending_ = true;
  skip_space();
  if (!next_is(':')) return syntax_error("':'");
  ++at_;
  skip_space();
  return true;
}

/// Closes what ends here and stops before the next value; complete when none is to come.
bool document::builder::after_value(bool& complete) {
  for (;;) {
    name_pending_ = false;
    if (into_.open_.empty()) {
      complete = true;
      return true;
    }
    bool const object = in_object();
    skip_space();
    if (next_is(',')) {
      ++at_;
      skip_space();
      return !object || member_name();
    }
    if (!next_is(object ? '}' : ']')) return syntax_error(object ? "',' or '}'" : "',' or ']'");
    ++at_;
    if (object && !names_are_unique(into_.open_.back())) return false;
    close();
  }
}

bool document::builder::string(char const* what_breaks_off) {
  auto const start = into_.text_.size();
  ++at_;
  for (;;) {
    auto const run = find_run(at_, end_);
    if (!run.ascii && !is_utf8({at_, run.end})) return refuse(current_pointer(), "is not valid UTF-8");
    into_.text_.append(at_, run.end);
    at_ = run.end;
    if (at_ == end_) return syntax_error(what_breaks_off);
    if (*at_ == '"') break;
    if (*at_ != '\\') return syntax_error("an escape such as \\n for a control character");
    if (!escape()) return false;
  }
  ++at_;
  count_in_parent();
  push({static_cast<std::uint32_t>(start), static_cast<std::uint32_t>(into_.text_.size() - start), 0, kind::string});
  return true;
}

bool document::builder::escape() {
  ++at_;
  if (at_ == end_) return syntax_error("the rest of an escape");
  auto const plain = [&](char c) {
    into_.text_ += c;
    ++at_;
    return true;
  };
  switch (*at_) {
    case '"':
    case '\\':
    case '/': return plain(*at_);
    case 'b': return plain('\b');
    case 'f': return plain('\f');
    case 'n': return plain('\n');
    case 'r': return plain('\r');
    case 't': return plain('\t');
    case 'u': break;
    default: return syntax_error("one of the escapes \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\u");
  }
  std::uint32_t code = 0;
  if (!hex4(code)) return false;
  if (code >= 0xDC00 && code <= 0xDFFF) return refuse(current_pointer(), "has the second half of a surrogate pair without the first");
  if (code >= 0xD800 && code <= 0xDBFF) {
    std::uint32_t low = 0;
    if (end_ - at_ < 2 || at_[0] != '\\' || at_[1] != 'u')
      return refuse(current_pointer(), "has the first half of a surrogate pair without the second");
    ++at_;
    if (!hex4(low)) return false;
    if (low < 0xDC00 || low > 0xDFFF) return refuse(current_pointer(), "has the first half of a surrogate pair without the second");
    code = 0x10000 + ((code - 0xD800) << 10U) + (low - 0xDC00);
  }
  append_utf8(into_.text_, code);
  return true;
}

/// From the `u` on.
bool document::builder::hex4(std::uint32_t& code) {
  ++at_;
  code = 0;
  for (int i = 0; i < 4; ++i, ++at_) {
    char const c = at_ == end_ ? '\0' : *at_;
    char const lower = static_cast<char>(c | 0x20);
    if (is_digit(c)) {
      code = code * 16 + static_cast<std::uint32_t>(c - '0');
    } else if (lower >= 'a' && lower <= 'f') {
      code = code * 16 + static_cast<std::uint32_t>(lower - 'a' + 10);
    } else {
      return syntax_error("four hexadecimal digits");
    }
  }
  return true;
}

/// At least one digit.
bool document::builder::digits() {
  if (at_ == end_ || !is_digit(*at_)) return syntax_error("a digit");
  while (at_ != end_ && is_digit(*at_)) ++at_;
  return true;
}

bool document::builder::number() {
  auto const* const start = at_;
  if (!next_is('-') && !is_digit(*at_)) return syntax_error("a value");
  if (*at_ == '-') ++at_;
  if (next_is('0')) {
    ++at_;
    if (at_ != end_ && is_digit(*at_)) return syntax_error("a number without leading zeros");
  } else if (!digits()) {
    return false;
  }
  if (next_is('.')) {
    ++at_;
    if (!digits()) return false;
  }
  if (next_is('e') || next_is('E')) {
    ++at_;
    if (next_is('+') || next_is('-')) ++at_;
    if (!digits()) return false;
  }
  count_in_parent();
  auto const text = into_.text_.size();
  into_.text_.append(start, at_);
  push({static_cast<std::uint32_t>(text), static_cast<std::uint32_t>(at_ - start), 0, kind::number});
  return true;
}

bool document::builder::literal(std::string_view word, json::kind which, bool is_true) {
  if (std::string_view{at_, end_}.substr(0, word.size()) != word) return syntax_error("a value");
  at_ += word.size();
  count_in_parent();
  push({0, is_true ? 1U : 0U, 0, which});
  return true;
}

bool document::builder::open(json::kind which) {
  if (into_.open_.size() >= max_depth_) return refuse(current_pointer(), "is nested deeper than " + std::to_string(max_depth_) + " levels");
  count_in_parent();
  name_pending_ = false;
  into_.open_.push_back(static_cast<std::uint32_t>(into_.nodes_.size()));
  push({static_cast<std::uint32_t>(at_ - begin_), 0, 0, which});
  ++at_;
  skip_space();
  return true;
}

void document::builder::close() {
  into_.nodes_[into_.open_.back()].next = static_cast<std::uint32_t>(into_.nodes_.size());
  into_.open_.pop_back();
}

void document::builder::push(node made) {
  made.next = static_cast<std::uint32_t>(into_.nodes_.size() + 1);
  into_.nodes_.push_back(made);
}

/// An object counts its names instead, and a name stands in its object as a string does.
void document::builder::count_in_parent() {
  if (into_.open_.empty()) return;
  if (auto& parent = into_.nodes_[into_.open_.back()]; parent.kind == kind::array) ++parent.length;
}

/// Compares few names in pairs and sorts many: a hostile body of 100,000 names must not cost 5,000,000,000 comparisons.
bool document::builder::names_are_unique(std::uint32_t object) {
  constexpr std::uint32_t few = 12;
  auto const count = into_.nodes_[object].length;
  if (count < 2) return true;
  auto const name_of = [&](std::uint32_t i) { return into_.text_of(into_.nodes_[i]); };
  auto const refuse_name = [&](std::uint32_t i) {
    auto pointer = current_pointer();
    append_pointer_segment(pointer, name_of(i));
    return refuse(std::move(pointer), "is given more than once");
  };
  auto& names = into_.scratch_;
  names.clear();
  for (auto i = object + 1; i < into_.nodes_.size(); i = into_.nodes_[i + 1].next) names.push_back(i);
  if (count > few) {
    std::ranges::sort(names, {}, name_of);
    auto const twice = std::ranges::adjacent_find(names, {}, name_of);
    return twice == names.end() || refuse_name(*twice);
  }
  for (std::size_t i = 1; i < names.size(); ++i)
    for (std::size_t before = 0; before < i; ++before)
      if (name_of(names[before]) == name_of(names[i])) return refuse_name(names[i]);
  return true;
}

std::string document::builder::current_pointer() const {
  std::string pointer;
  auto const& open = into_.open_;
  for (std::size_t level = 0; level < open.size(); ++level) {
    auto const& container = into_.nodes_[open[level]];
    bool const innermost = level + 1 == open.size();
    if (container.kind == kind::array) {
      append_pointer_segment(pointer, std::to_string(innermost ? container.length : container.length - 1));
    } else if (!innermost) {
      append_pointer_segment(pointer, into_.text_of(into_.nodes_[open[level + 1] - 1]));
    } else if (name_pending_) {
      append_pointer_segment(pointer, into_.text_of(into_.nodes_.back()));
    }
  }
  return pointer;
}

std::string document::builder::place() const {
  std::string_view const read{begin_, at_};
  auto const line = 1 + std::ranges::count(read, '\n');
  auto const last_line = read.substr(read.rfind('\n') + 1);  // npos + 1 is 0: there is only one line
  return " (line " + std::to_string(line) + ", byte " + std::to_string(last_line.size() + 1) + ")";
}

bool document::builder::syntax_error(std::string_view expected) {
  std::string detail = at_ == end_ ? "ends where " : "is not JSON where ";
  detail.append(expected).append(" was expected").append(place());
  return refuse(current_pointer(), std::move(detail));
}

bool document::builder::refuse(std::string pointer, std::string detail) {
  auto message = (pointer.empty() ? "the document " : pointer + ": ") + detail;
  why_ = {errc::malformed, std::move(message), {{std::move(pointer), std::move(detail)}}, {}, {}};
  return false;
}

}  // namespace evoke::json
