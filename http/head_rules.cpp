#include "http/head_rules.hpp"

#include "http/field_text.hpp"

#include <algorithm>

namespace evoke::http {
namespace {

/// uri-host [ ":" port ], by its characters: letters, digits, sub-delims, IPv6 brackets. May be empty (RFC 9110, 7.2).
bool valid_host(std::string_view host) noexcept {
  return std::ranges::all_of(host, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("-._~%!$&'()*+,;=:[]").find(c) != std::string_view::npos;
  });
}

bool all_digits(std::string_view text) noexcept {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

std::string_view check_raw_head(std::string_view head) noexcept {
  if (head.find('\0') != std::string_view::npos) return "the head holds a NUL";
  for (std::size_t at = 0; at < head.size();) {
    auto const end = head.find('\n', at);
    if (end == std::string_view::npos || end == at || head[end - 1] != '\r') return "a line does not end in CR LF";
    auto const line = head.substr(at, end - 1 - at);
    if (line.find('\r') != std::string_view::npos) return "a line holds a bare CR";
    if (at > 0 && !line.empty() && (line.front() == ' ' || line.front() == '\t')) return "a header line is folded";
    at = end + 1;
  }
  return {};
}

bool too_many_lines(std::string_view head) noexcept {
  // The request line and the empty line are no header lines.
  return static_cast<std::size_t>(std::ranges::count(head, '\n')) > max_header_lines + 2;
}

std::string_view check_fields(incoming const& head) noexcept {
  auto const hosts = head.header_count("Host");
  if (hosts > 1) return "there is more than one Host header";
  if (hosts == 0 && !head.http_1_0()) return "the Host header is missing";
  if (!valid_host(head.header("Host"))) return "the Host header is not a host name";

  auto const lengths = head.header_count("Content-Length");
  if (auto const codings = head.header_count("Transfer-Encoding"); codings > 0) {
    if (head.http_1_0()) return "Transfer-Encoding does not exist in HTTP/1.0";
    if (lengths > 0) return "Transfer-Encoding and Content-Length exclude one another";
    if (codings > 1 || !iequals(head.header("Transfer-Encoding"), "chunked")) return "the only Transfer-Encoding taken is one chunked";
  }
  if (lengths > 1) return "there is more than one Content-Length header";
  if (lengths == 1 && !all_digits(head.header("Content-Length"))) return "the Content-Length is not a number";
  return {};
}

}  // namespace evoke::http
