#pragma once

#include <evoke/event.hpp>
#include <evoke/result.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// The runtime's view of a projection: the same for every document type, so that threads, stores and HTTP need no templates.
/// Users never write these classes; projection.hpp makes them from a description.
namespace evoke {

/// An event: as it is stored where projection_definition::project() is asked, and as it is today where the user's project() sees it. Views:
/// valid during the call only.
struct projected_event {
  event_id id{};
  std::string_view type;
  std::uint32_t schema_version = 1;
  std::string_view stream_type;
  std::string_view stream_id;
  evoke::version version{};
  evoke::position position{};
  timestamp time{};
  std::string_view data;            ///< JSON
  std::string_view correlation_id;  ///< as given, else empty
  std::string_view causation_id;    ///< as given, else empty
  std::string_view user;
  std::uint32_t part = 1;  ///< which of those that the stored event became; all have its id, version and position
  uuid command_id{};       ///< of the command that led to it; stands for the correlation where none was given
};

/// Which stored events a projection follows: all that `events` names of one aggregate type. Names of former events are among them where
/// these become one that it follows.
struct projection_source {
  aggregate_type type;
  std::vector<event_type> events;
};

/// What decides a document's key.
enum class key_rule : std::uint8_t {
  by_aggregate,  ///< the key is the id of the event's aggregate: an event that fails blocks that aggregate's row only
  free,          ///< project() names keys itself: an event that fails stops the projection, unless it is insensitive to order
};

/// How an indexed field is compared. Absent optionals come before all values.
enum class field_order : std::uint8_t {
  boolean,          ///< false, true
  signed_number,    ///< 64 bits
  unsigned_number,  ///< 64 bits
  text,             ///< by bytes; enums by their names
  time,             ///< timestamp; in queries RFC 3339
};

struct index_field {
  std::string name;  ///< JSON name of the document's field
  field_order order{};
  bool optional = false;
};

/// A sorted way to the documents: equality on a leading part of the fields, and a range on the one behind them.
struct index_info {
  std::string name;
  std::vector<index_field> fields;
};

/// A document in memory, of a type that only the definition knows. Used by one thread at a time.
class document {
 public:
  virtual ~document() = default;
  /// Appends it as JSON. @returns malformed with the field's pointer.
  [[nodiscard]] virtual result<void> encode(std::string& out) const = 0;
  /// One sortable key per index of the definition, in the definition's order (model/index_key.hpp has the encoding).
  [[nodiscard]] virtual std::vector<std::string> index_keys() const = 0;
};

/// The documents of one projection while it handles events. A port: the engine keeps a batch's changes behind it.
class document_table {
 public:
  virtual ~document_table() = default;
  /// nullptr when there is none; valid until the next call. Throws std::runtime_error when the store does not read.
  [[nodiscard]] virtual document const* find(std::string_view key) = 0;
  /// The document, to be changed in place; made by projection_definition::create when there is none. Valid until that document is erased,
  /// or the call of project() is over, whatever else is looked at or changed meanwhile.
  [[nodiscard]] virtual document& change(std::string_view key) = 0;
  virtual void erase(std::string_view key) = 0;
};

/// Everything the runtime knows of a projection. Immutable, shared by all threads.
class projection_definition {
 public:
  virtual ~projection_definition() = default;

  [[nodiscard]] std::string const& name() const noexcept { return name_; }
  /// Declared by the user; another number than the stored one = rebuild.
  [[nodiscard]] std::uint32_t version() const noexcept { return version_; }
  [[nodiscard]] std::vector<projection_source> const& sources() const noexcept { return sources_; }
  [[nodiscard]] key_rule keys() const noexcept { return keys_; }
  /// Only with free keys: an event that fails becomes a dead letter and all others go on, those of its aggregate too.
  [[nodiscard]] bool any_order() const noexcept { return any_order_; }
  [[nodiscard]] std::vector<index_info> const& indexes() const noexcept { return indexes_; }
  [[nodiscard]] std::string const& document_schema() const noexcept { return document_schema_; }
  /// Hash of the document's shape, the indexes and their bytes, the key rule, the events of `sources` and the former ones that become such:
  /// another one than the stored = rebuild.
  [[nodiscard]] std::uint64_t shape() const noexcept { return shape_; }
  [[nodiscard]] void const* document_tag() const noexcept { return document_tag_; }

  [[nodiscard]] virtual std::unique_ptr<document> create() const = 0;
  /// @returns corrupt when it does not read.
  [[nodiscard]] virtual result<std::unique_ptr<document>> decode(std::string_view json) const = 0;
  /// Handles one stored event of `sources`, whatever it is today: all of its parts, or it failed. @returns corrupt when the event does not
  /// read, user_code_failed when an upcaster throws; what project() throws passes through. After any of these, the changes made through
  /// `documents` are in an unknown state and the caller discards them.
  [[nodiscard]] virtual result<void> project(projected_event const& event, document_table& documents) const = 0;

 protected:
  std::string name_;
  std::uint32_t version_ = 1;
  std::vector<projection_source> sources_;
  key_rule keys_ = key_rule::by_aggregate;
  bool any_order_ = false;
  std::vector<index_info> indexes_;
  std::string document_schema_;
  std::uint64_t shape_ = 0;
  void const* document_tag_ = nullptr;
};

}  // namespace evoke
