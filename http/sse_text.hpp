#pragma once

#include <cstdint>
#include <string>
#include <string_view>

/// The text/event-stream form (WHATWG HTML, "Server-sent events"), as far as feeds use it. An id stays the client's "last event ID" until
/// another comes, and is what it sends as `Last-Event-ID` when it connects again.
namespace evoke::http {

/// A comment, so that the client sees its feed open, and how long to wait before connecting again.
void append_opening(std::string& out);

/// One message. @param data without line breaks, as stored JSON is; "" = none, then browsers dispatch nothing but remember the id
void append_message(std::string& out, std::string_view id, std::string_view event, std::string_view data);

/// Begins a message whose data is appended next, on one line, and closed by end_message(). Without an id the client resumes behind the last
/// one it had.
void begin_message(std::string& out, std::uint64_t id, std::string_view event);
void begin_message(std::string& out, std::string_view event);
void end_message(std::string& out);

/// A comment: the connection lives.
void append_heartbeat(std::string& out);

/// An id without data: nothing matched, but this far was looked.
void append_checkpoint(std::string& out, std::string_view id);

/// The end, from the server's side: connect again after a while.
void append_farewell(std::string& out);

}  // namespace evoke::http
