#pragma once

#include <evoke/event.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace evoke {

/// An aggregate's state, now or as it was. At most one of the two may be given.
struct state_request {
  std::string type{};
  std::string id{};
  std::optional<version> at_version{};
  std::optional<timestamp> at_time{};
};

struct state_reply {
  evoke::version version{};
  evoke::position position{};  ///< of the last event in this state
  timestamp time{};            ///< of the last event in this state
  std::string state{};         ///< JSON

  friend bool operator==(state_reply const&, state_reply const&) = default;
};

enum class direction : std::uint8_t { forward, backward };

/// A page of one stream; `limit` counts stored events. Forward begins at `from` (0 and 1 both mean the first); backward begins at `from`
/// and goes down (0 = the head).
struct stream_request {
  std::string type{};
  std::string id{};
  version from{};
  std::size_t limit = 100;
  evoke::direction direction = direction::forward;
  bool raw = false;  ///< as stored, without upcasting
};

/// One event. Of one that is several today, the part asked for.
struct event_request {
  event_id id{};
  std::uint32_t part = 1;
  bool raw = false;  ///< as stored, without upcasting
};

struct stream_page {
  std::vector<recorded_event> events{};
  version head{};                 ///< the stream's version when read
  std::optional<version> next{};  ///< `from` of the next page; empty = this was the last
};

/// Which events of the log are wanted. Empty = all; within a list any member matches; all fields given must match. Event types are those of
/// today: an event that was stored under another name and is one of these matches, too. With `raw` they are the stored ones.
struct log_filter {
  std::vector<std::string> types{};  ///< aggregate types
  std::vector<std::string> event_types{};
  std::string id_prefix{};  ///< aggregate ids that begin so
  std::string correlation_id{};

  [[nodiscard]] bool empty() const noexcept { return types.empty() && event_types.empty() && id_prefix.empty() && correlation_id.empty(); }
  friend bool operator==(log_filter const&, log_filter const&) = default;
};

/// A page of the log: events after `after`, not before `since`. A stored event that is several today comes whole, even beyond `limit`.
struct log_request {
  position after{};
  std::optional<timestamp> since{};
  std::size_t limit = 100;
  log_filter filter{};
  bool raw = false;  ///< as stored, without upcasting
};

struct log_page {
  std::vector<recorded_event> events{};
  position next_after{};  ///< ask again with this: it has passed everything examined, matching or not
  position head{};        ///< of the log when read
  bool at_end = false;    ///< nothing more up to `head`
};

/// A page of one type's aggregate ids, in byte order, after `after`.
struct list_request {
  std::string type{};
  std::string after{};
  std::size_t limit = 100;
};

struct list_page {
  std::vector<std::string> ids{};
  bool more = false;
};

/// Which way a graph of causes is followed from an event.
enum class causation_direction : std::uint8_t { causes, effects, both };

struct causation_request {
  event_id event{};
  causation_direction direction = causation_direction::both;
  std::size_t limit = 1'000;  ///< of events; cut to limits::max_page_events
};

/// What led to an event, and what followed from it: along the direct parents that commands were given (metadata::causation_id). A process's
/// commands name the event that made it order them.
struct causation_graph {
  struct edge {
    std::string cause{};  ///< an event among `events`, or an id that is none of this store's events: a command's, a client's
    event_id effect{};
  };
  std::vector<recorded_event> events{};  ///< in the order of their positions, the one that was asked for among them
  std::vector<edge> edges{};
  bool complete = true;  ///< false when there were more events than the limit
};

}  // namespace evoke
