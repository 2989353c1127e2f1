#include "http/sse_text.hpp"

#include "http/json_text.hpp"

namespace evoke::http {

void append_opening(std::string& out) {
  out.append(":\nretry: 2000\n\n");
}

void append_message(std::string& out, std::string_view id, std::string_view event, std::string_view data) {
  out.append("id: ").append(id).append("\nevent: ").append(event).append("\ndata: ").append(data);
  end_message(out);
}

void begin_message(std::string& out, std::uint64_t id, std::string_view event) {
  out.append("id: ");
  append_number(out, id);
  out.append("\n");
  begin_message(out, event);
}

void begin_message(std::string& out, std::string_view event) {
  out.append("event: ").append(event).append("\ndata: ");
}

void end_message(std::string& out) {
  out.append("\n\n");
}

void append_heartbeat(std::string& out) {
  out.append(":\n\n");
}

void append_checkpoint(std::string& out, std::string_view id) {
  out.append(":\nid: ").append(id).append("\n\n");
}

void append_farewell(std::string& out) {
  // Longer than after a broken connection: whoever stops now needs a moment to be there again.
  out.append(": the server stops\nretry: 5000\n\n");
}

}  // namespace evoke::http
