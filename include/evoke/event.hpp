#pragma once

#include <evoke/ids.hpp>
#include <evoke/metadata.hpp>
#include <evoke/time.hpp>

#include <cstdint>
#include <string>

namespace evoke {

/// An event: as today's program sees it, or, where a request says `raw`, as it is stored. Self-contained: owns its bytes, may be kept and
/// moved between threads.
///
/// A stored event that is several today (upcast.hpp) arrives as several of these, one behind the other, with the same id, version and
/// position: what is acknowledged, resumed after or put aside is all of them.
struct recorded_event {
  event_id id{};
  event_type type{};
  std::uint32_t schema_version = 1;
  aggregate_type stream_type{};
  aggregate_id stream_id{};
  evoke::version version{};
  evoke::position position{};
  timestamp time{};
  std::string data{};  ///< JSON text, minified, numbers as the writer wrote them
  /// correlation_id and causation_id are always filled here: where none was given they are the id of the command.
  metadata meta{};
  std::uint32_t part = 1;   ///< which of `parts` this is
  std::uint32_t parts = 1;  ///< how many events the stored one is today
};

/// What a reply says of an event it caused.
struct event_ref {
  event_id id{};
  event_type type{};
  evoke::version version{};
  evoke::position position{};

  friend bool operator==(event_ref const&, event_ref const&) = default;
};

}  // namespace evoke
