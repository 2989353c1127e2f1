#pragma once

#include <evoke/context.hpp>
#include <evoke/ids.hpp>
#include <evoke/rejection.hpp>
#include <evoke/timer.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

/// The runtime's view of an aggregate type: the same for every type, so that actors, journal and HTTP need no templates.
/// Users never write these classes; aggregate.hpp makes them from a description.
namespace evoke {

/// Per type; what is zero or empty takes the runtime's default.
struct aggregate_settings {
  std::uint32_t snapshot_interval_events = 0;    ///< a snapshot whenever this many events lie behind the last; 0 = never
  std::chrono::milliseconds passivate_after{0};  ///< idle time before eviction; 0 = runtime_options::passivate_after
  std::uint32_t max_events_per_command = 0;      ///< 0 = runtime_options::limits
  std::uint32_t max_payload_bytes = 0;           ///< of one event; 0 = runtime_options::limits
  std::uint32_t max_waiting_commands = 0;        ///< per aggregate; 0 = runtime_options::limits
  std::uint32_t fold_version = 1;                ///< raised when evolve() or upcast() changed: snapshots are then discarded
  bool requires_precondition = false;            ///< a command without expected version fails with precondition_required
};

struct command_info {
  command_name name;
  std::string schema;                    ///< JSON Schema (2020-12) of its fields, an object as text
  std::vector<std::string> event_names;  ///< what decide may answer with
  bool internal = false;                 ///< the runtime's own: nobody else can give it, and it is not listed
};

struct event_info {
  event_type name;
  std::uint32_t schema_version = 1;
  std::string schema;
};

/// An event as older programs stored it.
struct former_info {
  event_type name;
  std::uint32_t schema_version = 1;
  std::string schema;
  /// What its upcaster can answer: an index into aggregate_definition::events(), or, from events().size() on, into formers().
  std::vector<std::size_t> becomes;
};

/// What a stored event became: one of today's.
struct upcast_part {
  std::size_t event_index = 0;  ///< into aggregate_definition::events()
  std::string data;             ///< JSON
};

/// A decoded command: owns an object whose type only the definition knows.
struct boxed_command {
  using pointer = std::unique_ptr<void, void (*)(void*)>;
  std::size_t index = 0;  ///< into aggregate_definition::commands()
  pointer object{nullptr, [](void*) {}};
};

class aggregate_state;

/// A stored outcome of an idempotency key that nobody will ask for again.
struct forgotten_command {
  std::string aggregate_type;
  std::string aggregate_id;
  std::string key;
};

/// A row that the runtime keeps beside the events, written with them or not at all; without a value, deleted.
struct kept_row {
  std::string key;
  std::optional<std::string> value;
};

/// What goes into a decision's batch besides its events and timers. Only the runtime's own types have any.
struct decided_extras {
  std::vector<forgotten_command> forget{};
  std::vector<kept_row> rows{};
};

/// What an accepted command decided, before it is stored. Belongs to the state that made it.
class decided {
 public:
  virtual ~decided() = default;
  [[nodiscard]] virtual std::size_t size() const noexcept = 0;
  /// Index of event i into aggregate_definition::events().
  [[nodiscard]] virtual std::size_t event_index(std::size_t i) const noexcept = 0;
  /// Appends event i as JSON. @returns malformed with the field's pointer, e.g. for text that is not UTF-8.
  [[nodiscard]] virtual result<void> encode(std::size_t i, std::string& out) const = 0;
  /// Evolves `state` by event i. May throw what the user's evolve throws.
  virtual void evolve(std::size_t i, aggregate_state& state) const = 0;
  [[nodiscard]] virtual std::vector<timer_change> const& timers() const noexcept = 0;
  /// nullptr where there are none.
  [[nodiscard]] virtual decided_extras const* extras() const noexcept { return nullptr; }
};

using decide_outcome = std::variant<std::unique_ptr<decided>, rejection>;

/// One aggregate's state in memory. Used by one thread at a time.
class aggregate_state {
 public:
  virtual ~aggregate_state() = default;
  [[nodiscard]] virtual std::unique_ptr<aggregate_state> clone() const = 0;
  /// Pure. May throw what the user's decide throws. `command` must come from the same definition.
  [[nodiscard]] virtual decide_outcome decide(boxed_command const& command, context const& given) const = 0;
  /// Decodes a stored event and evolves by what it is today, which may be several events or none. @returns corrupt when it does not read,
  /// user_code_failed when an upcaster throws; what evolve throws passes through.
  [[nodiscard]] virtual result<void> apply(std::string_view event, std::uint32_t schema_version, std::string_view data) = 0;
  /// Appends the state as JSON.
  [[nodiscard]] virtual result<void> encode(std::string& out) const = 0;
  /// Replaces the state by an encoded one. @returns corrupt and leaves the state unspecified when it does not read.
  [[nodiscard]] virtual result<void> restore(std::string_view json) = 0;
};

/// Everything the runtime knows of an aggregate type. Immutable, shared by all threads.
class aggregate_definition {
 public:
  virtual ~aggregate_definition() = default;

  [[nodiscard]] aggregate_type const& type() const noexcept { return type_; }
  [[nodiscard]] std::vector<command_info> const& commands() const noexcept { return commands_; }
  [[nodiscard]] std::vector<event_info> const& events() const noexcept { return events_; }
  [[nodiscard]] std::vector<former_info> const& formers() const noexcept { return formers_; }
  [[nodiscard]] aggregate_settings const& settings() const noexcept { return settings_; }
  [[nodiscard]] std::string const& state_schema() const noexcept { return state_schema_; }
  /// Hash of the state's shape (names and types of all fields, nested), of its fold_version and of the former events: a snapshot with
  /// another hash is discarded.
  [[nodiscard]] std::uint64_t state_shape() const noexcept { return state_shape_; }
  /// Identifies the C++ state type, for the typed call.
  [[nodiscard]] void const* state_tag() const noexcept { return state_tag_; }

  [[nodiscard]] std::optional<std::size_t> find_command(std::string_view name) const noexcept;
  [[nodiscard]] std::optional<std::size_t> find_event(std::string_view name) const noexcept;

  [[nodiscard]] std::optional<std::size_t> find_former(std::string_view name, std::uint32_t schema_version) const noexcept;
  /// Whether a former event, directly or by others, can become the event of that index.
  [[nodiscard]] bool can_become(std::size_t former, std::size_t event) const;
  /// What a stored event of formers()[former] is today, in order; none = dropped. @returns corrupt when it does not read, user_code_failed
  /// when an upcaster throws.
  [[nodiscard]] virtual result<std::vector<upcast_part>> upcast(std::size_t former, std::string_view data) const;

  /// A state as before the first event.
  [[nodiscard]] virtual std::unique_ptr<aggregate_state> create() const = 0;
  /// @returns malformed with one entry in `errors` per field that does not fit.
  [[nodiscard]] virtual result<boxed_command> decode_command(std::size_t index, std::string_view json) const = 0;
  /// Appends the command as minified JSON.
  [[nodiscard]] virtual result<void> encode_command(boxed_command const& command, std::string& out) const = 0;

 protected:
  aggregate_type type_;
  std::vector<command_info> commands_;
  std::vector<event_info> events_;
  std::vector<former_info> formers_;
  aggregate_settings settings_;
  std::string state_schema_;
  std::uint64_t state_shape_ = 0;
  void const* state_tag_ = nullptr;
};

}  // namespace evoke
