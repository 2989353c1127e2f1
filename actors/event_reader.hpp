#pragma once

#include <evoke/registry.hpp>

#include <algorithm>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "persistence/journal.hpp"

namespace evoke::actors {

/// How stored events are to be shown.
struct reading {
  bool raw = false;                                 ///< as they are stored
  std::vector<persistence::name_id> event_types{};  ///< of what they are today; empty = all
};

/// Stored events as this program knows them: what is of today's schema, or of a type without a definition, passes through with one look at
/// a table; a former event becomes what its upcaster says. Immutable after open(); any thread.
class event_reader {
 public:
  explicit event_reader(persistence::journal const& store) noexcept : store_(store) {}

  /// Before anything is read. All names of `types`, whose definitions must outlive it, have numbers in the journal by now.
  void open(registry const& types);

  /// Whether anything may be another event today than the one that is stored.
  [[nodiscard]] bool has_formers() const noexcept { return !by_type_.empty(); }

  /// Hands what the stored event is today to `take`, as recorded_event, in order: itself, its parts, or nothing.
  /// @returns corrupt when it does not read, user_code_failed when its upcaster throws, with its place.
  template <class Take>
  result<void> read(persistence::event_view const& stored, reading const& how, Take&& take) const {
    auto const* const old = how.raw ? nullptr : find(stored);
    if (old == nullptr) {
      if (is_wanted(how, stored.type)) take(persistence::to_recorded(store_, stored));
      return {};
    }
    auto parts = upcast(*old, persistence::to_recorded(store_, stored));
    if (!parts) return std::unexpected(std::move(parts.error()));
    for (auto& [number, event] : *parts)
      if (is_wanted(how, number)) take(std::move(event));
    return {};
  }

  /// The same for an event that was read as it is stored. @param event_types names of those wanted; empty = all
  [[nodiscard]] result<std::vector<recorded_event>> read(recorded_event stored, std::span<std::string const> event_types) const;

  /// Lets the filter pass, too, whatever can become what it asks for. @returns how to read what it then lets through.
  [[nodiscard]] reading widen(persistence::resolved_filter& filter) const;

 private:
  struct former {
    persistence::name_id type = 0;
    std::uint32_t schema_version = 1;
    std::size_t index = 0;  ///< into definition->formers()
    aggregate_definition const* definition = nullptr;
    std::vector<persistence::name_id> can_become{};
  };
  using part = std::pair<persistence::name_id, recorded_event>;

  [[nodiscard]] former const* find(persistence::event_view const& stored) const noexcept {
    if (stored.stream_type >= by_type_.size()) return nullptr;
    for (auto const& each : by_type_[stored.stream_type])
      if (each.schema_version == stored.schema_version && each.type == stored.type) return &each;
    return nullptr;
  }
  [[nodiscard]] static bool is_wanted(reading const& how, persistence::name_id type) {
    return how.event_types.empty() || std::ranges::find(how.event_types, type) != how.event_types.end();
  }
  [[nodiscard]] result<std::vector<part>> upcast(former const& old, recorded_event stored) const;

  persistence::journal const& store_;
  std::vector<std::vector<former>> by_type_;  ///< by the number of the aggregate type; empty for all that have no past
};

}  // namespace evoke::actors
