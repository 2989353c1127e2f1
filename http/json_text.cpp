#include "http/json_text.hpp"

#include <evoke/utf8.hpp>

#include <array>
#include <charconv>

namespace evoke::http {
namespace {

constexpr std::string_view digits = "0123456789abcdef";

void append_escaped(std::string& out, std::string_view text) {
  std::size_t clean = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    auto const byte = static_cast<unsigned char>(text[i]);
    if (byte >= 0x20 && byte != '"' && byte != '\\') continue;
    out.append(text.substr(clean, i - clean));
    clean = i + 1;
    switch (byte) {
      case '"': out.append("\\\""); break;
      case '\\': out.append("\\\\"); break;
      case '\n': out.append("\\n"); break;
      case '\r': out.append("\\r"); break;
      case '\t': out.append("\\t"); break;
      default: out.append("\\u00").push_back(digits[byte >> 4U]); out.push_back(digits[byte & 0xFU]);
    }
  }
  out.append(text.substr(clean));
}

}  // namespace

void append_string(std::string& out, std::string_view text) {
  out.push_back('"');
  for (;;) {
    auto const good = utf8_prefix(text);
    append_escaped(out, text.substr(0, good));
    if (good == text.size()) break;
    out.append("\xEF\xBF\xBD");
    text.remove_prefix(good + 1);
  }
  out.push_back('"');
}

void append_number(std::string& out, std::uint64_t value) {
  std::array<char, 20> text{};
  out.append(text.data(), std::to_chars(text.data(), text.data() + text.size(), value).ptr);
}

void append_name(std::string& out, std::string_view name) {
  if (!out.empty() && out.back() != '{' && out.back() != '[' && out.back() != ',') out.push_back(',');
  out.push_back('"');
  out.append(name).append("\":");
}

void append_member(std::string& out, std::string_view name, std::string_view text) {
  append_name(out, name);
  append_string(out, text);
}

void append_member(std::string& out, std::string_view name, std::uint64_t value) {
  append_name(out, name);
  append_number(out, value);
}

void append_json_member(std::string& out, std::string_view name, std::string_view json) {
  append_name(out, name);
  out.append(json);
}

void append_uuid(std::string& out, uuid const& id) {
  std::array<char, 36> text{};
  std::size_t at = 0;
  for (auto const byte : id.bytes()) {
    if (at == 8 || at == 13 || at == 18 || at == 23) text[at++] = '-';
    text[at++] = digits[byte >> 4U];
    text[at++] = digits[byte & 0xFU];
  }
  out.append(text.data(), text.size());
}

}  // namespace evoke::http
