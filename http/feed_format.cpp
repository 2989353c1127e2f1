#include "http/feed_format.hpp"

#include "http/event_json.hpp"

namespace evoke::http {
namespace {

/// Ids, names, times and braces of one event, roughly: what to reserve beside its payload.
constexpr std::size_t event_frame_bytes = 512;

void reserve_for(std::span<recorded_event const> events, std::string& out) {
  std::size_t bytes = out.size() + 2;
  for (auto const& each : events) bytes += each.data.size() + each.meta.extra.size() + event_frame_bytes;
  out.reserve(bytes);
}

template <class Append>
void append_list(std::span<recorded_event const> events, std::string& out, Append append) {
  reserve_for(events, out);
  out.append("[");
  for (auto const& each : events) {
    if (out.back() != '[') out.append(",");
    append(out, each);
  }
  out.append("]");
}

}  // namespace

feed_format negotiated_format(incoming const& request) noexcept {
  return static_cast<feed_format>(negotiate(request.header("Accept"), feed_media).value_or(0));
}

void append_lines(std::span<recorded_event const> events, std::string& out) {
  reserve_for(events, out);
  for (auto const& each : events) {
    append_event(out, each);
    out.append("\n");
  }
}

void append_array(std::span<recorded_event const> events, std::string& out) {
  append_list(events, out, append_event);
}

void append_batch(std::span<recorded_event const> events, std::string& out) {
  append_list(events, out, append_cloudevent);
}

}  // namespace evoke::http
