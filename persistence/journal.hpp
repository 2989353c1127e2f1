#pragma once

#include <evoke/event.hpp>
#include <evoke/query.hpp>
#include <evoke/rejection.hpp>
#include <evoke/timer.hpp>

#include "persistence/storage_memory.hpp"
#include "persistence/timer_place.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// The journal port: the durable store of events, and of all that must never disagree with them. Implementations: in_memory_journal,
/// rocksdb_journal; both pass tests/persistence/journal_contract.
///
/// Threads: `commit`, `sync_mark` and `close` belong to one writer thread at a time; everything else may be called from any thread,
/// also while a commit runs. A read sees a group entirely or not at all, and only groups whose commit has returned.
///
/// Invariants every implementation keeps:
///  1. positions of committed events are 1, 2, 3, ... without a gap, in commit order;
///  2. versions of a stream are 1, 2, 3, ...; a (stream, version) is written at most once;
///  3. all of a group is stored or none of it, its idempotency records and timers included;
///  4. event time never decreases within a stream, commit time never decreases within the log;
///  5. after a commit that failed, `commit` fails for ever (journal_failed) and reads go on.
namespace evoke::persistence {

/// Number that stands for a name in stored records. 0 = none.
using name_id = std::uint32_t;

enum class name_kind : std::uint8_t {
  aggregate_type = 1,
  event_type = 2,
  raw_type = 3,  ///< the name of an aggregate type that raw appends brought in, besides its number as aggregate_type
};

/// Names one stream: the interned aggregate type and the id's bytes. A view; the caller keeps the id alive.
struct stream_ref {
  name_id type = 0;
  std::string_view id;
};

/// An event as a command decided it; the journal adds position, id and what comes from the append.
struct event_draft {
  name_id type = 0;
  std::uint32_t schema_version = 1;
  std::string data;                   ///< minified JSON
  std::optional<event_id> client_id;  ///< raw appends only; indexed by id
  std::string extra;                  ///< raw appends only: free-form metadata of this event, else empty
};

enum class command_end : std::uint8_t { success = 1, no_change = 2, rejection = 3 };

/// Idempotency keys that begin with this byte are evoke's own. No caller from outside can bring one in, and they never expire: they are
/// forgotten by the append that no longer needs them (append::forget).
inline constexpr char kInternalKeyMark = '\x01';
[[nodiscard]] constexpr bool is_internal_key(std::string_view key) noexcept {
  return !key.empty() && key.front() == kInternalKeyMark;
}

/// An idempotency record that is needed no longer: of another stream, as a rule.
struct forgotten_key {
  name_id type = 0;
  std::string id;
  std::string key;
};

/// What an idempotency key remembers.
struct command_record {
  std::uint64_t fingerprint = 0;  ///< of command name and minified body
  timestamp time{};               ///< when it was decided; expiry counts from here
  command_end end{};
  bool created = false;
  evoke::version first_version{};  ///< success: of its first event
  std::uint32_t event_count = 0;
  evoke::version version{};    ///< of the aggregate after it
  evoke::position position{};  ///< of the aggregate's last event after it
  rejection why{};             ///< rejection only
};

/// Where rows lie that evoke's own services keep beside the events. What is in them is theirs (docs/storage_format.md).
enum class row_space : std::uint8_t {
  subscriptions,  ///< persistent subscriptions
  processes,      ///< process managers
  catalogue,      ///< JSON Schemas of events
};

/// A row to be written; without a value, deleted.
struct row_change {
  std::string key{};
  std::optional<std::string> value{};
};

/// One command's whole effect on one stream: all of it is stored, or nothing.
struct append {
  name_id type = 0;
  aggregate_id id;
  evoke::version first_version{};  ///< the stream's version + 1; meaningless without events
  timestamp time{};                ///< of all its events
  uuid command_id{};               ///< stands for correlation and causation where none was given
  metadata meta{};
  std::vector<event_draft> events{};
  std::vector<timer_change> timers{};      ///< in order. Those that are set need an event, or the rows could not be made again from the log
  std::string key{};                       ///< idempotency key, empty = none
  std::optional<command_record> record{};  ///< present if and only if `key` is; `position` is filled by the journal when there are events
  std::vector<forgotten_key> forget{};     ///< their records are deleted in this batch, before `record` is written
  std::vector<row_change> process_rows{};  ///< of row_space::processes, in this batch

  /// Filled by commit when there are events. The position of event i is first_position + i, its id is
  /// client_id or made_event_id(time, position).
  position first_position{};
};

/// What scanning hands out: views into the store's buffers, valid during the visit only.
struct event_view {
  event_id id{};
  name_id type = 0;
  std::uint32_t schema_version = 1;
  name_id stream_type = 0;
  std::string_view stream_id;
  evoke::version version{};
  evoke::position position{};
  timestamp time{};
  std::string_view data;
  std::string_view correlation_id;  ///< as given, else empty
  std::string_view causation_id;    ///< as given, else empty
  uuid command_id{};
  std::string_view user;
  std::string_view traceparent;
  std::string_view tracestate;
  std::string_view extra;
};

/// Return false to stop the scan.
using event_visitor = std::function<bool(event_view const&)>;

/// The end of a stream.
struct stream_head {
  evoke::version version{};    ///< 0 = no stream
  evoke::position position{};  ///< of its last event
  timestamp time{};            ///< of its last event
};

/// A log_filter with its names resolved. A name that the journal does not know matches nothing: give `never`.
struct resolved_filter {
  std::vector<name_id> types{};
  std::vector<name_id> event_types{};
  std::string id_prefix{};
  std::string correlation_id{};
  std::string causation_id{};  ///< as given with the event; not together with correlation_id
  std::optional<timestamp> not_before{};
  bool never = false;
};

struct log_scan_end {
  position examined{};  ///< everything up to here was visited or did not match
  bool at_end = false;  ///< nothing more up to the head when the scan began
};

struct snapshot {
  evoke::version version{};
  evoke::position position{};  ///< of the event at `version`
  timestamp time{};            ///< of the event at `version`
  std::uint64_t shape = 0;     ///< aggregate_definition::state_shape() when it was written
  std::string state{};         ///< encoded state
};

/// How far a look-up may go.
enum class tier : std::uint8_t {
  memory,  ///< never touches the disk; may answer `not_in_memory`
  disk,
};

enum class lookup_end : std::uint8_t { absent, found, not_in_memory };

struct command_lookup {
  lookup_end end{};
  command_record record{};
};

/// Return false to stop the scan.
using timer_visitor = std::function<bool(stored_timer const&)>;

/// Return false to stop.
/// The rows of a service whose keys begin with `prefix`, from the first one behind `after`.
struct row_range {
  std::string_view prefix;
  std::string_view after{};  ///< empty = from the first
};
using row_visitor = std::function<bool(std::string_view key, std::string_view value)>;

class journal {
 public:
  virtual ~journal() = default;

  /// The number for a name, given out anew when unknown. A new name is stored with the next commit at the latest.
  virtual result<name_id> intern(name_kind kind, std::string_view name) = 0;
  /// 0 when unknown.
  [[nodiscard]] virtual name_id find_name(name_kind kind, std::string_view name) const = 0;
  /// "" when unknown; the view lives as long as the journal.
  [[nodiscard]] virtual std::string_view name_of(name_kind kind, name_id id) const = 0;
  /// All names of one kind, in the order of their numbers.
  [[nodiscard]] virtual std::vector<std::string> names(name_kind kind) const = 0;

  /// Stores a group in the journal's durability mode and fills `first_position` and `record->position`. Writer thread only.
  /// @param now becomes the group's commit time (never earlier than the one before, nor than an event in the group).
  /// @returns storage_full: nothing was written, the journal stays writable. version_mismatch: an append does not continue its stream,
  /// nothing was written (a defect of the caller). outcome_unknown: the write or its sync failed; journal_failed: an earlier one did.
  virtual result<void> commit(std::span<append* const> group, timestamp now) = 0;

  /// How long the last commit waited for the disk; 0 when it did not, or it is not known. Writer thread only.
  [[nodiscard]] virtual std::chrono::nanoseconds last_sync() const noexcept { return {}; }

  /// Forces the high-water mark to disk (and, in os mode, the log before it). Writer thread, about once a second.
  virtual result<void> sync_mark() = 0;

  /// Last durable position; 0 = empty.
  [[nodiscard]] virtual position head() const noexcept = 0;

  /// Visits a stream's events from `from` (1 = first) in order. @returns corrupt where one does not read, naming it.
  virtual result<void> scan_stream(stream_ref stream, version from, event_visitor const& visit) const = 0;
  /// The same as far as memory holds it; never touches the disk. @returns whether it came to the stream's end, or the visitor stopped it;
  /// false: the next event, if there is one, has to be read with scan_stream.
  virtual result<bool> scan_stream_in_memory(stream_ref stream, version from, event_visitor const& visit) const = 0;
  virtual result<stream_head> head_of(stream_ref stream) const = 0;
  /// True when memory alone can tell that there is no such stream. Never touches the disk; false = perhaps there is one. So that a new
  /// aggregate begins without waiting for a background thread.
  [[nodiscard]] virtual bool surely_absent(stream_ref stream) const = 0;

  /// Visits matching events after `after` in position order until the visitor stops it, `max_examined` events were examined, or the head.
  virtual result<log_scan_end> scan_log(position after, std::uint64_t max_examined, resolved_filter const& filter,
                                        event_visitor const& visit) const = 0;
  /// The position before the first event whose group was committed at or after `time`: where `since` begins.
  virtual result<position> position_before(timestamp time) const = 0;
  /// not_found when there is none. The visitor is called at most once.
  virtual result<void> find_event(event_id id, event_visitor const& visit) const = 0;
  /// Version of the event with this client-given id in this stream, 0 = none.
  virtual result<evoke::version> find_client_id(stream_ref stream, event_id id) const = 0;

  /// Ids of a type's aggregates after `after` in byte order.
  virtual result<list_page> list_streams(name_id type, std::string_view after, std::size_t limit) const = 0;

  virtual result<command_lookup> find_command(stream_ref stream, std::string_view key, tier how_far) const = 0;

  /// The stream's timers that are set and not cancelled, in the order of their names.
  virtual result<std::vector<timer_change>> timers_of(stream_ref stream) const = 0;
  /// One of them.
  virtual result<std::optional<stored_timer>> find_timer(stream_ref stream, std::string_view name) const = 0;
  /// All timers behind `after` that are due at `until` or before, in the order of their places: of one moment. One that does not read is
  /// passed over and reported through `problem`.
  virtual result<void> scan_timers(timer_place const& after, timestamp until, timer_visitor const& visit,
                                   std::function<void(std::string_view)> const& problem) const = 0;
  /// How many timers are set: an estimate of what there was when the journal was opened, and exactly what came and went since.
  [[nodiscard]] virtual std::uint64_t timers_pending() const noexcept = 0;

  /// The newest readable snapshot at or below `at_most`, if any. One that does not read is skipped, and reported through `problem`.
  virtual result<std::optional<snapshot>> read_snapshot(stream_ref stream, version at_most, std::uint64_t shape,
                                                        std::function<void(std::string_view)> const& problem) const = 0;
  /// True when memory alone can tell that there is no snapshot of this stream. Never touches the disk; false = perhaps there is one.
  [[nodiscard]] virtual bool surely_no_snapshot(stream_ref stream) const = 0;
  /// Any thread; not synced. Keeps the last two.
  virtual result<void> write_snapshot(stream_ref stream, snapshot const& state) = 0;

  /// All of the rows or none. Any thread, also while a commit runs. Not in order with commits by other threads: whoever writes rows about
  /// an event does so after it is durable. @param synced on the disk before it returns, else in the operating system's hands.
  /// @returns journal_failed, storage_full, io_error.
  virtual result<void> write_rows(row_space space, std::span<row_change const> rows, bool synced) = 0;
  /// In byte order of the keys. @returns corrupt, naming the key, where one does not read.
  virtual result<void> scan_rows(row_space space, row_range const& rows, row_visitor const& visit) const = 0;

  /// Fixed when the store was created.
  /// For metrics, from any thread.
  [[nodiscard]] virtual storage_memory memory() const { return {}; }
  [[nodiscard]] virtual uuid store_id() const noexcept = 0;
  [[nodiscard]] virtual std::uint32_t format_version() const noexcept = 0;
  /// Reason why commits fail for ever, empty while they do not.
  [[nodiscard]] virtual std::string failed_reason() const = 0;

  /// Forces everything to disk and lets go of the directory. Nothing may be called after it.
  virtual result<void> close() = 0;
};

/// The id that the runtime gives to the event at `position`: UUIDv8 (RFC 9562 5.8), 48 bits of Unix milliseconds, 12 bits of the
/// store id, 62 bits of position. So an event is found by its id without an index.
[[nodiscard]] event_id made_event_id(uuid const& store, timestamp time, position at) noexcept;
/// The position inside such an id; 0 when it is no id of this store's making.
[[nodiscard]] position position_in(event_id const& id, uuid const& store) noexcept;

/// An owned copy with names resolved and correlation and causation filled.
[[nodiscard]] recorded_event to_recorded(journal const& names, event_view const& view);

}  // namespace evoke::persistence
