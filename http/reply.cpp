#include "http/reply.hpp"

#include "http/exchange.hpp"
#include "http/field_text.hpp"
#include "http/json_text.hpp"

#include <array>
#include <charconv>

namespace evoke::http {
namespace {

/// Beyond this a session's buffers go back to the allocator between two answers: a rare large page must not stay for ever.
constexpr std::size_t max_kept_bytes = std::size_t{64} * 1024;

bool owned_by_session(std::string_view name) noexcept {
  for (std::string_view const owned : {"Content-Length", "Transfer-Encoding", "Connection", "Date", "Content-Type"})
    if (iequals(name, owned)) return true;
  return false;
}

}  // namespace

void reply::clear() noexcept {
  status = 200;
  content_type = {};
  headers.clear();
  if (body.capacity() > max_kept_bytes)
    std::string().swap(body);
  else
    body.clear();
  close = false;
  more = nullptr;
}

void reply::header(std::string_view name, std::string_view value) {
  headers.append(name).append(": ");
  for (char const c : value) headers.push_back(static_cast<unsigned char>(c) < 0x20 || c == 0x7F ? ' ' : c);
  headers.append("\r\n");
}

void reply::assign(response&& made) {
  clear();
  status = made.status >= 200 && made.status <= 599 ? made.status : 500;
  if (!made.content_type.empty() && has_body(status)) header("Content-Type", made.content_type);
  for (auto const& [name, value] : made.headers)
    if (is_token(name) && !owned_by_session(name)) header(name, value);
  if (has_body(status)) body = std::move(made.body);
}

void append_head(reply const& answer, head_context const& context, std::string& out) {
  out.append("HTTP/1.1 ");
  append_number(out, answer.status);
  out.append(" ").append(reason_of(answer.status)).append("\r\n").append(context.date_line);
  if (!answer.content_type.empty()) out.append("Content-Type: ").append(answer.content_type).append("\r\n");
  out.append(answer.headers);
  if (answer.more) {
    // HTTP/1.0 knows no chunks: there the end of the connection is the end of the answer.
    if (!context.http_1_0) out.append("Transfer-Encoding: chunked\r\n");
  } else if (has_body(answer.status)) {
    out.append("Content-Length: ");
    append_number(out, answer.body.size());
    out.append("\r\n");
  }
  if (!context.keep_alive)
    out.append("Connection: close\r\n");
  else if (context.http_1_0)
    out.append("Connection: keep-alive\r\n");
  out.append("\r\n");
}

void append_chunk_framing(std::size_t bytes, bool last, std::string& before, std::string& behind) {
  if (bytes > 0) {  // a chunk of size 0 would be the last
    std::array<char, 16> size{};
    before.append(size.data(), std::to_chars(size.data(), size.data() + size.size(), bytes, 16).ptr).append("\r\n");
    behind.append("\r\n");
  }
  if (last) behind.append("0\r\n\r\n");
}

std::string_view reason_of(std::uint16_t status) noexcept {
  switch (status) {
    case 200: return "OK";
    case 201: return "Created";
    case 202: return "Accepted";
    case 204: return "No Content";
    case 301: return "Moved Permanently";
    case 302: return "Found";
    case 303: return "See Other";
    case 304: return "Not Modified";
    case 307: return "Temporary Redirect";
    case 308: return "Permanent Redirect";
    case 400: return "Bad Request";
    case 401: return "Unauthorized";
    case 403: return "Forbidden";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    case 406: return "Not Acceptable";
    case 408: return "Request Timeout";
    case 409: return "Conflict";
    case 410: return "Gone";
    case 412: return "Precondition Failed";
    case 413: return "Content Too Large";
    case 414: return "URI Too Long";
    case 415: return "Unsupported Media Type";
    case 417: return "Expectation Failed";
    case 422: return "Unprocessable Content";
    case 428: return "Precondition Required";
    case 429: return "Too Many Requests";
    case 431: return "Request Header Fields Too Large";
    case 500: return "Internal Server Error";
    case 501: return "Not Implemented";
    case 502: return "Bad Gateway";
    case 503: return "Service Unavailable";
    case 504: return "Gateway Timeout";
    case 505: return "HTTP Version Not Supported";
    case 507: return "Insufficient Storage";
    default: return "Status";
  }
}

}  // namespace evoke::http
