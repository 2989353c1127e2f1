#pragma once

#include <evoke/detail/index_fields.hpp>
#include <evoke/detail/requirements.hpp>
#include <evoke/view.hpp>

#include <boost/mp11.hpp>

#include <concepts>
#include <string_view>
#include <type_traits>

/// What a user's projection must bring, checked one by one like requirements.hpp does for aggregates.
namespace evoke {

template <class State, class Commands, class Events, class Formers>
class aggregate_description;
template <class Doc, class Sources, class Ignored, class Indexes>
class projection_description;

namespace detail {

/// The fields of one index, as pointers to members of the document.
template <auto... Members>
struct members {};

template <class T>
inline constexpr bool is_aggregate_description = false;
template <class State, class Commands, class Events, class Formers>
inline constexpr bool is_aggregate_description<aggregate_description<State, Commands, Events, Formers>> = true;
template <class Doc, class T>
inline constexpr bool is_projection_description = false;
template <class Doc, class Sources, class Ignored, class Indexes>
inline constexpr bool is_projection_description<Doc, projection_description<Doc, Sources, Ignored, Indexes>> = true;

template <class Doc, class Event>
auto call_project(view<Doc>& documents, Event const& event) -> decltype(project(documents, event)) {
  return project(documents, event);
}

template <class Doc, class Event>
concept has_project = requires(view<Doc>& documents, Event const& event) { detail::call_project<Doc>(documents, event); };
template <class Doc, class Event>
concept project_says_nothing = requires(view<Doc>& documents, Event const& event) {
  { detail::call_project<Doc>(documents, event) } -> std::same_as<void>;
};

/// describe() of T says what an aggregate needs, a projection of T needs.
template <class T>
concept describes_aggregate = has_describe<T> && is_aggregate_description<std::remove_cvref_t<decltype(detail::call_describe<T>())>>;
template <class T>
concept describes_projection = has_describe<T> && is_projection_description<T, std::remove_cvref_t<decltype(detail::call_describe<T>())>>;

/// Name of the described member of Doc that `Member` points to; empty when there is none.
template <class Doc, auto Member>
constexpr std::string_view member_name() {
  std::string_view name;
  boost::mp11::mp_for_each<json::detail::members_of<Doc>>([&](auto each) {
    if constexpr (std::same_as<std::remove_cv_t<decltype(each.pointer)>, std::remove_cv_t<decltype(Member)>>)
      if (each.pointer == Member) name = each.name;
  });
  return name;
}

template <class Member>
struct member_type {
  using type = void;
};
template <class Owner, class T>
struct member_type<T Owner::*> {
  using type = std::remove_cv_t<T>;
};
template <auto Member>
using member_type_of = typename member_type<std::remove_cv_t<decltype(Member)>>::type;

template <class Doc, auto Member>
inline constexpr bool points_into = false;
template <class Doc, class T, class Owner, T Owner::* Member>
inline constexpr bool points_into<Doc, Member> = std::derived_from<Doc, Owner>;

template <class Doc>
struct document_requirements {
  static_assert(describes_projection<Doc>,
                "evoke: no describe() of a projection was found for this document. Remedy: write `constexpr auto "
                "describe(evoke::type<the_document>) { return evoke::projection<the_document>(\"name\", "
                "1).from<the_state>().index<&the_document::field>(\"name\"); }` in the document's namespace, before "
                "evoke::define_projection<the_document>().");
  static_assert(std::default_initializable<Doc> && std::movable<Doc>,
                "evoke: a document is made empty and then filled by project() or from JSON. Remedy: give its members default values.");
};

template <class Doc, class Sources>
struct sources_requirements {
  static_assert(!std::same_as<Sources, types<>>,
                "evoke: this projection follows nothing. Remedy: add .from<the_state>() in the document's describe().");
};

template <class Doc, class State>
struct source_requirements {
  static_assert(describes_aggregate<State>,
                "evoke: a projection follows aggregates, and no describe() of one was found for this source. Remedy: name in .from<>() the "
                "state of an aggregate, described before evoke::define_projection<the_document>().");
};

template <class Doc, class Event, bool ignored>
struct followed_event {
  static_assert(ignored || has_project<Doc, Event>,
                "evoke: no project() was found for this document and this event of an aggregate that it follows. Remedy: write `void "
                "project(evoke::view<the_document>&, the_event const&)` in the document's namespace, before "
                "evoke::define_projection<the_document>(), or add .ignore<the_event>() in its describe().");
  static_assert(ignored || !has_project<Doc, Event> || project_says_nothing<Doc, Event>,
                "evoke: project() for this event must return void: what it answers would be lost. Remedy: throw where an event cannot be "
                "projected.");
};

template <class Doc, class Event, bool followed>
struct ignored_event {
  static_assert(
      followed,
      "evoke: this ignored event is not one of the aggregates that the projection follows. Remedy: remove .ignore<the_event>(), or "
      "add .from<the_state>() for its aggregate.");
  static_assert(!has_project<Doc, Event>,
                "evoke: this event is ignored, but there is a project() for it. Remedy: remove .ignore<the_event>() or the project().");
};

template <class Doc, auto Member>
struct index_requirements {
  static_assert(points_into<Doc, Member>,
                "evoke: this is not a data member of the document. Remedy: write .index<&the_document::field>(\"name\").");
  static_assert(!points_into<Doc, Member> || !member_name<Doc, Member>().empty(),
                "evoke: this member of the document is not described, so the index's field has no name. Remedy: add it to "
                "BOOST_DESCRIBE_STRUCT(the_document, ...).");
  static_assert(!points_into<Doc, Member> || sortable<member_type_of<Member>>,
                "evoke: an index cannot sort by a member of this type. Remedy: index bool, integers, described enums, std::string, "
                "evoke::timestamp, evoke's ids and numbers, or std::optional of these; keep for others a member that can be sorted.");
};

}  // namespace detail
}  // namespace evoke
