#pragma once

#include <evoke/aggregate.hpp>
#include <evoke/detail/typed_projection.hpp>
#include <evoke/projection_definition.hpp>
#include <evoke/view.hpp>

#include <array>
#include <cstdint>
#include <memory>
#include <string_view>

/// Making a projection known. A document is a plain struct described with Boost.Describe: its JSON is what readers get. `project` is an
/// overload for each event it follows, in the document's namespace; one function names the rest:
///
///     struct cart_view { std::string user; std::int64_t total = 0; std::string status; };
///     void project(evoke::view<cart_view>& view, cart_created const& event);
///     void project(evoke::view<cart_view>& view, cart_item_added const& event);
///
///     constexpr auto describe(evoke::type<cart_view>) {
///       return evoke::projection<cart_view>("carts", 1)
///           .from<cart>()
///           .index<&cart_view::user>("user")
///           .index<&cart_view::status, &cart_view::total>("status_total");
///     }
///
/// What is missing or does not fit is a compile-time error that names the type and the remedy. Names are checked by registry::add.
namespace evoke {

/// What describe() answers. Made by projection<Doc>(...), each call below adds something and returns the whole. Keeps views: names are
/// string literals.
template <class Doc, class Sources = detail::types<>, class Ignored = detail::types<>, class Indexes = detail::types<>>
class projection_description;

template <class Doc, class... States, class... Ignored, class... Indexes>
class projection_description<Doc, detail::types<States...>, detail::types<Ignored...>, detail::types<Indexes...>> {
 public:
  using document_type = Doc;
  using sources = detail::types<States...>;
  using ignored = detail::types<Ignored...>;
  using indexes = detail::types<Indexes...>;

  /// Do not call: begin with projection<Doc>("name", version).
  constexpr projection_description(std::string_view name, std::uint32_t code_version, key_rule keys, bool any_order,
                                   std::array<std::string_view, sizeof...(Indexes)> index_names)
      : name_(name), version_(code_version), keys_(keys), any_order_(any_order), index_names_(index_names) {}

  /// Follows every event of this aggregate type. Each needs a project(), or .ignore<>().
  template <class State>
  [[nodiscard]] constexpr auto from() const {
    static_assert(!detail::contains<sources, State>, "evoke: this source is listed twice. Remedy: remove one .from<>().");
    return projection_description<Doc, detail::types<States..., State>, ignored, indexes>{name_, version_, keys_, any_order_, index_names_};
  }

  /// An event of a source that leaves the documents as they are, and needs no project().
  template <class Event>
  [[nodiscard]] constexpr auto ignore() const {
    static_assert(!detail::contains<ignored, Event>, "evoke: this event is ignored twice. Remedy: remove one .ignore<>().");
    return projection_description<Doc, sources, detail::types<Ignored..., Event>, indexes>{name_, version_, keys_, any_order_,
                                                                                           index_names_};
  }

  /// A sorted way to the documents: equality on a leading part of these members, and a range on the one behind them. The fields' names in
  /// queries are the members' names in JSON.
  template <auto... Members>
  [[nodiscard]] constexpr auto index(std::string_view name) const {
    static_assert(sizeof...(Members) > 0, "evoke: this index has no fields. Remedy: write .index<&the_document::field>(\"name\").");
    using added = detail::members<Members...>;
    return projection_description<Doc, sources, ignored, detail::types<Indexes..., added>>{name_, version_, keys_, any_order_,
                                                                                           detail::with(index_names_, name)};
  }

  /// project() names the keys itself (view::put, view::erase), so one document may come from many aggregates. The price: an event that
  /// cannot be handled stops the whole projection, where otherwise it blocks the row of its aggregate only.
  [[nodiscard]] constexpr auto free_keys() const {
    auto copy = *this;
    copy.keys_ = key_rule::free;
    return copy;
  }
  /// The order in which events of different aggregates, and those behind a failed one, are handled does not matter to the outcome: an event
  /// that cannot be handled is put aside alone and all others go on. Only with free keys.
  [[nodiscard]] constexpr auto any_order() const {
    auto copy = *this;
    copy.any_order_ = true;
    return copy;
  }

  [[nodiscard]] constexpr std::string_view name() const noexcept { return name_; }
  [[nodiscard]] constexpr std::uint32_t version() const noexcept { return version_; }
  [[nodiscard]] constexpr key_rule keys() const noexcept { return keys_; }
  [[nodiscard]] constexpr bool is_any_order() const noexcept { return any_order_; }
  [[nodiscard]] constexpr auto const& index_names() const noexcept { return index_names_; }

 private:
  std::string_view name_;
  std::uint32_t version_;
  key_rule keys_;
  bool any_order_;
  std::array<std::string_view, sizeof...(Indexes)> index_names_;
};

/// Begins a description. `name` is the projection in requests and paths. Raise `code_version` (from 1) when project() changes: the read
/// model is then rebuilt by itself. A change of the document's fields, of the indexes or of the events that are followed is noticed
/// without.
template <class Doc>
[[nodiscard]] constexpr auto projection(std::string_view name, std::uint32_t code_version) {
  return projection_description<Doc>{name, code_version, key_rule::by_aggregate, false, {}};
}

/// The definition that registry::add takes, made from describe(evoke::type<Doc>). Documents it creates may outlive it.
template <class Doc>
[[nodiscard]] std::shared_ptr<projection_definition const> define_projection() {
  static_cast<void>(detail::document_requirements<Doc>{});  // here first: the shorter way to the message
  static_cast<void>(detail::projection_requirements<Doc>{});
  return std::make_shared<detail::typed_projection<Doc> const>();
}

/// Identifies a C++ document type at run time: the same pointer for the same type, another for another.
template <class Doc>
[[nodiscard]] void const* document_tag() noexcept {
  return &json::detail::type_tag<Doc>;
}

}  // namespace evoke
