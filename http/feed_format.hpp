#pragma once

#include "http/incoming.hpp"
#include "http/negotiation.hpp"
#include "http/reply.hpp"

#include <evoke/event.hpp>

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace evoke::http {

/// The forms in which events can be read. In the order of feed_media.
enum class feed_format : std::uint8_t { json, ndjson, cloudevents, live };

inline constexpr std::array<std::string_view, 4> feed_media{media::json, media::ndjson, media::cloudevents, media::event_stream};

/// What the request accepts, which was checked before to be one of feed_media.
[[nodiscard]] feed_format negotiated_format(incoming const& request) noexcept;

/// Appends events as lines, each with a line feed behind it.
void append_lines(std::span<recorded_event const> events, std::string& out);
/// Appends `[event,event]`.
void append_array(std::span<recorded_event const> events, std::string& out);
/// Appends a CloudEvents batch.
void append_batch(std::span<recorded_event const> events, std::string& out);

}  // namespace evoke::http
