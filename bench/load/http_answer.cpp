#include "bench/load/http_answer.hpp"

#include <charconv>

namespace evoke::load {
namespace {

struct head {
  std::size_t bytes = 0;
  std::size_t content_length = 0;
  bool chunked = false;
};

bool same_name(std::string_view field, std::string_view lower) {
  if (field.size() < lower.size()) return false;
  for (std::size_t i = 0; i < lower.size(); ++i)
    if ((field[i] | 0x20) != lower[i] && field[i] != lower[i]) return false;
  return true;
}

std::string_view value_of(std::string_view field, std::size_t name) {
  auto const from = field.find_first_not_of(" \t", name);
  return from == std::string_view::npos ? std::string_view() : field.substr(from);
}

bool read_fields(std::string_view lines, head& into, http_answer& answer) {
  while (!lines.empty()) {
    auto const end = lines.find("\r\n");
    auto const field = lines.substr(0, end);
    lines.remove_prefix(end == std::string_view::npos ? lines.size() : end + 2);
    if (same_name(field, "content-length:")) {
      auto const value = value_of(field, 15);
      auto const [stopped, error] = std::from_chars(value.data(), value.data() + value.size(), into.content_length);
      if (error != std::errc{}) return false;
    } else if (same_name(field, "transfer-encoding:")) {
      into.chunked = same_name(value_of(field, 18), "chunked");
    } else if (same_name(field, "connection:")) {
      answer.closes = same_name(value_of(field, 11), "close");
    }
  }
  return true;
}

std::size_t read_chunks(std::string_view text, std::size_t at, std::string& body) {
  body.clear();
  for (;;) {
    auto const line = text.find("\r\n", at);
    if (line == std::string_view::npos) return not_whole;
    std::size_t size = 0;
    auto const [stopped, error] = std::from_chars(text.data() + at, text.data() + line, size, 16);
    if (error != std::errc{}) return not_http;
    at = line + 2;
    if (text.size() < at + size + 2) return not_whole;
    body.append(text.substr(at, size));
    at += size + 2;  // a last chunk is followed by an empty line, too: trailers are not expected
    if (size == 0) return at;
  }
}

}  // namespace

std::size_t read_answer(std::string_view text, http_answer& into, std::string& scratch) {
  constexpr std::string_view version = "HTTP/1.";
  if (text.substr(0, version.size()) != version.substr(0, text.size())) return not_http;
  auto const end = text.find("\r\n\r\n");
  if (end == std::string_view::npos) return text.size() > 64 * 1024 ? not_http : not_whole;
  into = {};
  auto const [stopped, error] = std::from_chars(text.data() + 9, text.data() + end, into.status);
  if (error != std::errc{} || into.status < 100 || into.status > 599) return not_http;
  head read;
  read.bytes = end + 4;
  auto const first_line = text.find("\r\n");
  if (!read_fields(first_line == end ? std::string_view() : text.substr(first_line + 2, end - first_line - 2), read, into)) return not_http;
  if (into.status == 204 || into.status == 304 || into.status < 200) return read.bytes;
  if (read.chunked) {
    auto const whole = read_chunks(text, read.bytes, scratch);
    into.body = scratch;
    return whole;
  }
  if (text.size() < read.bytes + read.content_length) return not_whole;
  into.body = text.substr(read.bytes, read.content_length);
  return read.bytes + read.content_length;
}

}  // namespace evoke::load
