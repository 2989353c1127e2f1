#pragma once

#include <evoke/ids.hpp>
#include <evoke/result.hpp>
#include <evoke/time.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/// Asking the read models that projections keep.
namespace evoke {

/// How long a reader is willing to wait for its own writes.
struct read_after {
  position at{};                          ///< of the write, from a command's result; 0 = whatever there is
  std::chrono::milliseconds wait{2'000};  ///< then: projection_lagging
  bool accept_stale = false;              ///< then: the stale answer instead, marked so
};

struct document_request {
  std::string projection{};
  std::string key{};
  read_after after{};
};

struct document_reply {
  std::string json{};
  position changed{};     ///< of the event that changed it last
  position checkpoint{};  ///< of the projection: the document is as of here
  bool stale = false;     ///< the checkpoint is before what was asked for
};

/// One condition on a field, as text in the field's own form ("true", "-5", "open", an RFC 3339 time; JSON null = absent).
struct field_condition {
  std::string field{};
  enum class relation : std::uint8_t { equal, less, at_most, greater, at_least } is = relation::equal;
  std::optional<std::string> value{};  ///< nullopt = the field is absent
};

/// Documents by one index, or by key when `index` is empty. Equality on a leading part of the index's fields, at most a range on the one
/// behind them. By key: `key_prefix` only.
struct view_query {
  std::string projection{};
  std::string index{};
  std::vector<field_condition> where{};
  std::string key_prefix{};
  bool backward = false;
  std::size_t limit = 100;  ///< cut to limits::max_page_events
  std::string cursor{};     ///< `next` of the page before; of another query: invalid_argument
  read_after after{};
};

struct view_document {
  std::string key{};
  std::string json{};
  position changed{};
};

struct view_page {
  std::vector<view_document> documents{};
  std::optional<std::string> next{};  ///< cursor; empty = this was the last page. Stays good across changes and rebuilds
  position checkpoint{};
  bool stale = false;
};

/// Changes of a view since a cursor, in the order of their positions; a document that changed several times is told once, as it is now.
struct view_changes_request {
  std::string projection{};
  std::string cursor{};  ///< empty = from now on
  std::size_t limit = 500;
  std::chrono::milliseconds wait{15'000};  ///< for the first one
};

struct view_change {
  std::string key{};
  position at{};
  std::optional<std::string> json{};  ///< nullopt = deleted
};

struct view_changes {
  std::vector<view_change> changes{};
  std::string cursor{};  ///< ask again with this
  bool reset = false;  ///< the cursor is older than what is kept, or of a generation that is gone: read the view anew, go on with `cursor`
  position checkpoint{};
};

enum class projection_phase : std::uint8_t {
  catching_up,
  live,     ///< has handled everything up to a head seen a moment ago
  paused,   ///< by a person
  stopped,  ///< by an event it cannot handle, or too many dead letters; `reason` says
};

struct rebuild_progress {
  position checkpoint{};
  position target{};  ///< where the living generation is
  double events_per_second = 0;
  std::optional<std::chrono::seconds> left{};  ///< nullopt = not known yet
};

struct projection_status {
  std::string name{};
  std::uint32_t version = 1;
  std::uint64_t generation = 0;
  projection_phase phase{};
  position checkpoint{};
  position head{};
  std::uint64_t lag_events = 0;
  std::chrono::milliseconds lag{};  ///< age of the first event not handled; 0 when there is none
  std::uint64_t dead_letters = 0;
  std::uint64_t blocked_aggregates = 0;
  std::string reason{};  ///< of `stopped`, and of the newest failure
  std::optional<rebuild_progress> rebuild{};
};

/// An event that a projection could not handle, or that waits behind one of the same aggregate.
struct dead_letter {
  std::uint64_t number = 0;  ///< names it in retry and skip: the event's position
  std::string aggregate_type{};
  std::string aggregate_id{};
  std::string event_type{};
  evoke::version version{};
  evoke::position position{};
  bool first = false;  ///< the one that failed; the others of its aggregate wait behind it
  std::uint32_t attempts = 0;
  std::string error{};    ///< of the first one
  timestamp failed_at{};  ///< time of the event's commit or of its last attempt
};

/// What retrying or skipping came to.
struct letters_handled {
  std::uint64_t handled = 0;  ///< so many are dead letters no more
  std::uint64_t left = 0;     ///< so many are still in the aggregate's row
  std::string error{};        ///< why the one that is first in it now failed again; empty when none did
};

struct dead_letter_page {
  std::vector<dead_letter> letters{};
  std::optional<std::uint64_t> next{};  ///< `after` of the next page
};

}  // namespace evoke
