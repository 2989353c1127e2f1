#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace evoke {

/// Every way in which evoke itself can say no. The first group is the caller's to mend, the second the operator's.
/// What a domain refuses is a rejection (rejection.hpp), never one of these.
enum class errc : std::uint8_t {
  // -- the request
  invalid_argument,       ///< an id, name, option or parameter is not of the documented form
  malformed,              ///< not JSON, or a field is missing, unknown, of the wrong type or out of range; see `errors`
  unknown_type,           ///< no aggregate type of that name is registered or stored
  unknown_command,        ///< the aggregate type has no command of that name
  not_found,              ///< no such aggregate, event or version
  already_exists,         ///< raw append: event ids overlap with stored ones otherwise than as an exact repetition
  version_mismatch,       ///< expected_version did not hold; `current_version` says what does
  precondition_required,  ///< the type demands an expected version and none was given
  key_reused,             ///< the idempotency key was used before for another request
  key_in_flight,          ///< a command with the same idempotency key is not finished yet
  not_allowed,            ///< e.g. a raw append to a registered type
  limit_exceeded,         ///< larger or more than a documented limit; nothing was written
  history_too_long,       ///< time travel would fold more events than the limit allows
  unknown_projection,     ///< no projection of that name is registered
  unknown_index,          ///< the projection has no such index, or the index no such field
  lease_expired,          ///< persistent subscription: the events are not in that lease any more
  stale_cursor,           ///< a cursor of another query, or of an index that changed since
  // -- the infrastructure
  overloaded,          ///< refused before anything was decided: too many open commands; try again
  recovering,          ///< the aggregate's recovery failed a moment ago and is backing off; try again
  draining,            ///< the runtime is stopping
  user_code_failed,    ///< decide or evolve threw; nothing was written
  outcome_unknown,     ///< the write failed or its wait ended: the events may or may not be stored
  journal_failed,      ///< an earlier write failed: the journal takes no more until restart
  storage_full,        ///< the disk is (nearly) full: reads go on, nothing is written
  corrupt,             ///< stored bytes do not read: checksum, format or schema
  incompatible_store,  ///< written by a newer format, or by another store than expected
  store_in_use,        ///< another process or runtime has the directory open
  data_lost,           ///< the store holds less than was acknowledged; opening it was refused
  io_error,            ///< the operating system or the storage engine said no
  timed_out,           ///< a deadline passed; nothing was written
  cancelled,           ///< the caller ended it
  projection_lagging,  ///< the read model did not reach the position in time; `lag` says how far it is
  projection_blocked,  ///< the read model cannot reach the position: an event of that aggregate is a dead letter, or it is stopped
};

/// The stable, snake_case name of an error, e.g. "version_mismatch". Never empty.
[[nodiscard]] std::string_view name_of(errc code) noexcept;

/// One field of a request that does not fit. `pointer` is a JSON pointer (RFC 6901) into the request's body, "" for the whole.
struct field_error {
  std::string pointer;
  std::string detail;

  friend bool operator==(field_error const&, field_error const&) = default;
};

/// Where a read model is and where a reader wanted it, as positions.
struct projection_distance {
  std::uint64_t checkpoint = 0;
  std::uint64_t wanted = 0;

  friend bool operator==(projection_distance const&, projection_distance const&) = default;
};

/// What went wrong: a code for programs, a sentence for people, and what a program can use to mend it.
struct failure {
  errc code{};
  std::string message;
  std::vector<field_error> errors{};               ///< for `malformed`: every field that does not fit
  std::optional<std::uint64_t> current_version{};  ///< for `version_mismatch`: the aggregate's version, 0 = absent
  std::optional<std::uint32_t> retry_after_ms{};   ///< for what passes by itself: when to try again
  std::optional<projection_distance> lag{};        ///< for `projection_lagging` and `projection_blocked`

  friend bool operator==(failure const&, failure const&) = default;
};

}  // namespace evoke
