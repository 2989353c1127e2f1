#pragma once

#include <evoke/http/message.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace evoke::http {

namespace media {
inline constexpr std::string_view json = "application/json";
inline constexpr std::string_view problem = "application/problem+json";
inline constexpr std::string_view ndjson = "application/x-ndjson";
inline constexpr std::string_view cloudevents = "application/cloudevents-batch+json";
inline constexpr std::string_view event_stream = "text/event-stream";
inline constexpr std::string_view text = "text/plain; charset=utf-8";
inline constexpr std::string_view metrics = "text/plain; version=0.0.4; charset=utf-8";
}  // namespace media

class ticket;

/// Where a long answer comes from, so that it is held in memory one part at a time. Asked again as soon as a part is written, and not
/// before: a client that does not read costs one part. Everything is called on the connection's worker.
class body_source {
 public:
  virtual ~body_source() = default;
  /// Answers with the next part as `reply::body`, and with `more` set to itself again unless that was the last. An error status cuts the
  /// connection: the client must not take a part for the whole.
  virtual void next(ticket reply_to) = 0;

  /// Whether it waits for what has not happened yet. A live answer is its connection's last: parts come when they come, without a
  /// time-out, and a client that goes away is noticed at once.
  [[nodiscard]] virtual bool live() const noexcept { return false; }
  /// Live ones: the server stops. An open next() is to be answered soon, with the last part.
  virtual void drain() {}
  /// The connection is gone: nobody takes further parts, an open next() may be answered or not. The last call.
  virtual void abandon() noexcept {}
};

/// An answer in the making. One per session, used again and again, so that its strings keep their memory. The session adds Date,
/// Content-Length and Connection by itself.
struct reply {
  std::uint16_t status = 200;
  std::string_view content_type{};  ///< must outlive the answer (one of `media`, or a literal); empty = none is sent
  std::string headers{};            ///< finished lines, "Name: value\r\n"
  std::string body{};
  bool close = false;                   ///< the connection ends with this answer
  std::shared_ptr<body_source> more{};  ///< when set, `body` is the first part and the source knows the next

  void clear() noexcept;
  /// Control characters in the value become spaces, so that no value can begin a header of its own.
  void header(std::string_view name, std::string_view value);
  /// Takes over what a custom route answered. Headers the session owns, and names that are no token, are left out; a status outside
  /// 200-599 becomes 500.
  void assign(response&& made);
};

/// What of the exchange, not of the answer, the head depends on.
struct head_context {
  bool http_1_0 = false;
  bool keep_alive = true;
  std::string_view date_line;
};

/// Appends the status line and all header lines with the empty line behind them.
void append_head(reply const& answer, head_context const& context, std::string& out);

/// The chunked framing (RFC 9112, 7.1) around a part of `bytes`: appends what goes before it to `before`, what goes behind to `behind`.
void append_chunk_framing(std::size_t bytes, bool last, std::string& before, std::string& behind);

/// Whether an answer of this status carries a body (RFC 9110: not 204, not 304).
[[nodiscard]] constexpr bool has_body(std::uint16_t status) noexcept {
  return status != 204 && status != 304;
}

[[nodiscard]] std::string_view reason_of(std::uint16_t status) noexcept;

}  // namespace evoke::http
