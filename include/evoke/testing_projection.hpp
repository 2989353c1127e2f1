#pragma once

#include <evoke/detail/projection_steps.hpp>
#include <evoke/projection.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// Tests of a projection that start no actor, no thread and no store, and work with any test framework: what differs throws `mismatch`.
///
///     using evoke::testing::projected;
///     projected<cart_view>()
///         .at(noon)
///         .from<cart>("c-1", cart_created{"u-1"}, cart_item_added{"p-1", 2, 995})
///         .then("c-1", cart_view{.user = "u-1", .total = 1990, .status = "open"});
///
/// Every step also checks what the runtime relies on: events and documents are the same after encoding and decoding, and projecting all
/// events anew gives the same documents, byte for byte, whether documents stay in memory between events or are read back for each.
namespace evoke::testing {

/// Where a test stands. May be kept in a variable and copied: both go on from there.
template <class Doc>
class projection_scenario {
 public:
  projection_scenario() : steps_(define_projection<Doc>()) {}

  /// Time of the events that follow; 2026-01-01T00:00:00Z when never set.
  projection_scenario& at(timestamp now) {
    steps_.now = now;
    return *this;
  }
  /// Of the events that follow.
  projection_scenario& with_metadata(metadata meta) {
    steps_.meta = std::move(meta);
    return *this;
  }

  /// Events of one aggregate of the type State, former ones among them, behind those that it already has. Events that the projection
  /// ignores count, too. What project() throws passes through; what it had changed is undone, and the next event finds the documents as
  /// they were.
  template <class State, class... Events>
  projection_scenario& from(std::string_view id, Events const&... events) {
    using sources = typename evoke::detail::checked_projection<Doc>::sources;
    static_assert(evoke::detail::contains<sources, State>,
                  "evoke: this projection does not follow this aggregate. Remedy: add .from<the_state>() in describe().");
    (happen<State>(id, events), ...);
    return *this;
  }

  /// As it is now.
  [[nodiscard]] std::optional<Doc> document(std::string_view key) const {
    auto const* text = steps_.find(key);
    if (text == nullptr) return std::nullopt;
    auto decoded = json::decode<Doc>(*text);
    if (!decoded) throw mismatch(decoded.error().message);
    return std::move(*decoded);
  }
  /// Of all documents, in byte order.
  [[nodiscard]] std::vector<std::string> keys() const { return steps_.keys(); }

  /// This document is there, and like this in every described field.
  projection_scenario& then(std::string_view key, Doc const& expected) {
    steps_.expect(key, json::encode(expected));
    return *this;
  }
  projection_scenario& then_absent(std::string_view key) {
    steps_.expect_absent(key);
    return *this;
  }

 private:
  template <class State, class Event>
  void happen(std::string_view id, Event const& event) {
    using events = typename evoke::detail::checked<State>::events;
    using formers = typename evoke::detail::checked<State>::formers;
    auto const described = evoke::detail::checked<State>::describe();
    auto named = evoke::detail::event_name{};
    if constexpr (evoke::detail::contains<formers, Event>) {
      named = described.former_names()[evoke::detail::index_of<formers, Event>];
    } else {
      static_cast<void>(evoke::detail::listed_event<State, events, Event>{});
      named = described.event_names()[evoke::detail::index_of<events, Event>];
    }
    steps_.happen(described.name(), id, named.name, named.schema_version, json::encode(event), &recode<Event>);
  }
  template <class Event>
  static result<std::string> recode(std::string_view json) {
    auto decoded = json::decode<Event>(json);
    return decoded ? json::encode(*decoded) : fail(std::move(decoded.error()));
  }

  detail::projection_steps steps_;
};

/// A projection before the first event.
template <class Doc>
[[nodiscard]] projection_scenario<Doc> projected() {
  return {};
}

}  // namespace evoke::testing
