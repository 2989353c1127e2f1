#pragma once

#include <evoke/detail/projection_requirements.hpp>
#include <evoke/detail/typed_definition.hpp>
#include <evoke/json.hpp>

#include <algorithm>
#include <array>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// The bridge from a user's document to what the runtime sees: implements projection_definition.hpp from describe() and project().
namespace evoke::detail {

/// What happens to one kind of event of one aggregate type.
struct event_handler {
  using function = result<void> (*)(projected_event const& event, document_table& documents, key_rule keys);

  std::string_view stream_type;
  std::string_view event;
  std::uint32_t schema_version = 1;
  function handle = nullptr;
};

/// Asked for every event of a catch-up, so it looks for a number made of the names, and compares names only where that agrees.
class handler_table {
 public:
  handler_table() = default;
  /// The names must outlive the table.
  explicit handler_table(std::vector<event_handler> all);
  /// nullptr when there is none. @param schema_version 0 = whatever it is
  [[nodiscard]] event_handler const* find(std::string_view stream_type, std::string_view event,
                                          std::uint32_t schema_version = 0) const noexcept;

 private:
  std::vector<std::uint64_t> marks_;  // sorted
  std::vector<event_handler> all_;    // of the marks at the same places
};

/// Of all by which what is stored could be another: schema, indexes and their bytes, key rule, sources, and `formers`: a line for each
/// former event that is followed. Defined in model/projection.cpp, as the next.
[[nodiscard]] std::uint64_t projection_shape(projection_definition const& of, std::vector<std::string> formers);
[[nodiscard]] failure unhandled_event(std::string_view projection, projected_event const& event);

struct no_projection {
  using sources = types<>;
  using ignored = types<>;
  using indexes = types<>;
};

/// The description and what follows from it. Where there is none, an empty one, so that its absence is the only error.
template <class Doc>
struct checked_projection : document_requirements<Doc> {
  static constexpr auto describe() {
    if constexpr (describes_projection<Doc>) {
      return call_describe<Doc>();
    } else {
      return no_projection{};
    }
  }
  using description = decltype(describe());
  using sources = typename description::sources;
  using ignored = typename description::ignored;
  using indexes = typename description::indexes;
};

/// The events of an aggregate; none where it has no description, which source_requirements says.
template <class State>
struct events_of {
  using type = types<>;
};
template <describes_aggregate State>
struct events_of<State> {
  using type = typename std::remove_cvref_t<decltype(detail::call_describe<State>())>::events;
};

/// Whether an aggregate among the sources has the event.
template <class Event, class Sources>
inline constexpr bool comes_from = false;
template <class Event, class... States>
inline constexpr bool comes_from<Event, types<States...>> = (contains<typename events_of<States>::type, Event> || ...);

/// Completes each of these classes, and with it their assertions: so the compiler reports all that is wrong and not only the first. They
/// are no bases because the same may occur twice.
template <class... Requirements>
inline constexpr bool looked_at = ((sizeof(Requirements) > 0) && ...);

template <class Doc, class State, class Events>
struct followed_events;
template <class Doc, class State, class... Events>
struct followed_events<Doc, State, types<Events...>> {
  static_assert(looked_at<source_requirements<Doc, State>,
                          followed_event<Doc, Events, contains<typename checked_projection<Doc>::ignored, Events>>...>);
};

template <class Doc, class Sources, class Ignored>
struct event_lists;
template <class Doc, class... States, class... Ignored>
struct event_lists<Doc, types<States...>, types<Ignored...>> {
  static_assert(looked_at<sources_requirements<Doc, types<States...>>, followed_events<Doc, States, typename events_of<States>::type>...,
                          ignored_event<Doc, Ignored, comes_from<Ignored, types<States...>>>...>);
};

/// Decodes an event and hands it to project().
template <class Doc, class Event>
result<void> handle_event(projected_event const& event, document_table& documents, key_rule keys) {
  if constexpr (has_project<Doc, Event>) {
    Event decoded{};
    {
      // The thread's document is given back before project() runs: whatever documents it looks at may have to be decoded too.
      json::borrowed_document scratch;
      auto root = scratch->parse(event.data);
      if (!root) return fail(unreadable("event", event.type, std::move(root.error())));
      json::field_errors errors;
      json::codec<Event>::read(*root, decoded, errors);
      if (!errors.empty()) return fail(unreadable("event", event.type, std::move(errors).to_failure()));
    }
    view<Doc> seen{event, documents, keys};
    call_project<Doc>(seen, decoded);
  }
  return {};
}

/// Reads a former event and hands what it is today to project(), as far as that is followed.
template <class Doc, class State, class Former>
result<void> handle_former(projected_event const& stored, document_table& documents, key_rule keys) {
  using described = checked<State>;
  auto const names = described::describe();
  std::uint32_t part = 0;
  std::string text;
  auto const sink = [&]<class Event>(Event const& event) -> result<void> {
    ++part;
    if constexpr (has_project<Doc, Event> && !contains<typename checked_projection<Doc>::ignored, Event>) {
      auto const& name = names.event_names()[index_of<typename described::events, Event>];
      text.clear();
      if (auto written = json::append(text, event); !written) return written;
      auto seen = stored;
      seen.type = name.name;
      seen.schema_version = name.schema_version;
      seen.data = text;
      seen.part = part;
      view<Doc> shown{seen, documents, keys};
      call_project<Doc>(shown, event);
    }
    return {};
  };
  return described::history::template read<Former>(names, stored.data, sink);
}

template <class Doc, auto Member>
index_field make_index_field() {
  if constexpr (!member_name<Doc, Member>().empty() && sortable<member_type_of<Member>>) {
    using type = member_type_of<Member>;
    return {std::string(member_name<Doc, Member>()), index_codec<type>::order, json::detail::is_optional<type>};
  } else {
    return {};
  }
}

/// The tables that follow from the indexes of a description.
template <class Doc, class Indexes>
struct index_tables;
template <class Doc, class Index>
struct index_table;

template <class Doc, auto... Members>
struct index_table<Doc, members<Members...>> {
  static_assert(looked_at<index_requirements<Doc, Members>...>);

  static std::vector<index_field> fields() { return {make_index_field<Doc, Members>()...}; }
  static std::string key(Doc const& of) {
    std::string key;
    (append<Members>(of, key), ...);
    return key;
  }

 private:
  template <auto Member>
  static void append(Doc const& of, std::string& key) {
    if constexpr (sortable<member_type_of<Member>>) index_codec<member_type_of<Member>>::append(key, of.*Member);
  }
};

template <class Doc, class... Indexes>
struct index_tables<Doc, types<Indexes...>> {
  static_assert(looked_at<index_table<Doc, Indexes>...>);

  static std::array<std::vector<index_field>, sizeof...(Indexes)> fields() { return {index_table<Doc, Indexes>::fields()...}; }
  static void append_keys(Doc const& of, std::vector<std::string>& keys) {
    keys.reserve(sizeof...(Indexes));
    (keys.push_back(index_table<Doc, Indexes>::key(of)), ...);
  }
};

template <class Doc>
class typed_document final : public document_of<Doc> {
 public:
  [[nodiscard]] result<void> encode(std::string& out) const override { return json::append(out, this->value); }
  [[nodiscard]] std::vector<std::string> index_keys() const override {
    std::vector<std::string> keys;
    index_tables<Doc, typename checked_projection<Doc>::indexes>::append_keys(this->value, keys);
    return keys;
  }
};

/// All that can be said against a projection when it is compiled.
template <class Doc, class Checked = checked_projection<Doc>>
struct projection_requirements : event_lists<Doc, typename Checked::sources, typename Checked::ignored>,
                                 index_tables<Doc, typename Checked::indexes> {};

template <class Doc>
class typed_projection final : public projection_definition {
  using checked = checked_projection<Doc>;

 public:
  typed_projection() {
    document_schema_ = json::schema<Doc>();
    document_tag_ = &json::detail::type_tag<Doc>;
    if constexpr (describes_projection<Doc>) {
      auto const description = checked::describe();
      name_ = description.name();
      version_ = description.version();
      keys_ = description.keys();
      any_order_ = description.is_any_order();
      auto fields = index_tables<Doc, typename checked::indexes>::fields();
      for (std::size_t i = 0; i < fields.size(); ++i) indexes_.push_back({std::string(description.index_names()[i]), std::move(fields[i])});
      std::vector<std::string> followed_formers;
      add_sources(typename checked::sources{}, followed_formers);
      shape_ = projection_shape(*this, std::move(followed_formers));
    }
  }

  [[nodiscard]] std::unique_ptr<document> create() const override { return std::make_unique<typed_document<Doc>>(); }

  [[nodiscard]] result<std::unique_ptr<document>> decode(std::string_view json) const override {
    json::borrowed_document scratch;
    auto root = scratch->parse(json);
    if (!root) return fail(unreadable("document of", name_, std::move(root.error())));
    auto made = std::make_unique<typed_document<Doc>>();
    json::field_errors errors;
    json::codec<Doc>::read(*root, made->value, errors);
    if (!errors.empty()) return fail(unreadable("document of", name_, std::move(errors).to_failure()));
    return made;
  }

  [[nodiscard]] result<void> project(projected_event const& event, document_table& documents) const override {
    auto const* handler = handlers_.find(event.stream_type, event.type);
    if (handler != nullptr && handler->schema_version == event.schema_version) return handler->handle(event, documents, keys_);
    if (auto const* former = formers_.find(event.stream_type, event.type, event.schema_version); former != nullptr)
      return former->handle(event, documents, keys_);
    if (handler == nullptr) return fail(unhandled_event(name_, event));
    return fail(other_schema(event.type, event.schema_version, handler->schema_version));
  }

 private:
  template <class... States>
  void add_sources(types<States...>, std::vector<std::string>& followed_formers) {
    std::vector<event_handler> handlers;
    std::vector<event_handler> formers;
    (add_source<States>(handlers, formers, followed_formers, typename events_of<States>::type{}), ...);
    handlers_ = handler_table{std::move(handlers)};
    formers_ = handler_table{std::move(formers)};
  }

  template <class State, class... Events>
  void add_source(std::vector<event_handler>& handlers, std::vector<event_handler>& formers, std::vector<std::string>& followed_formers,
                  types<Events...>) {
    if constexpr (describes_aggregate<State>) {
      auto const described = call_describe<State>();
      projection_source source{aggregate_type::trusted(std::string(described.name())), {}};
      (add_event<Events>(handlers, source, described.name(), described.event_names()[index_of<types<Events...>, Events>]), ...);
      std::vector<bool> const followed{!contains<typename checked::ignored, Events>...};
      add_formers<State>(formers, source, followed_formers, followed, typename detail::checked<State>::formers{});
      (add_ignored<Events>(handlers, source, described.name(), described.event_names()[index_of<types<Events...>, Events>]), ...);
      sources_.push_back(std::move(source));
    }
  }

  /// `followed` says of each event of State whether it is.
  template <class State, class... Formers>
  void add_formers(std::vector<event_handler>& handlers, projection_source& source, std::vector<std::string>& followed_formers,
                   std::vector<bool> const& followed, types<Formers...>) {
    using history = typename detail::checked<State>::history;
    auto const described = detail::checked<State>::describe();
    auto const becomes = history::becomes();
    auto const schemas = history::schemas();
    auto const leading = leading_to(becomes, followed);
    std::vector<event_handler::function> const handles{&handle_former<Doc, State, Formers>...};
    for (std::size_t i = 0; i < handles.size(); ++i) {
      auto const& former = described.former_names()[i];
      handlers.push_back({described.name(), former.name, former.schema_version, handles[i]});
      if (!leading[i]) continue;
      auto name = event_type::trusted(std::string(former.name));
      if (std::ranges::find(source.events, name) == source.events.end()) source.events.push_back(std::move(name));
      followed_formers.push_back(former_line(described.name(), former, schemas[i]));
    }
  }

  template <class Event>
  void add_event(std::vector<event_handler>& handlers, projection_source& source, std::string_view type, event_name name) {
    constexpr bool ignored = contains<typename checked::ignored, Event>;
    if constexpr (!ignored) {
      // The names are the description's string literals, so the table may keep views.
      handlers.push_back({type, name.name, name.schema_version, &handle_event<Doc, Event>});
      source.events.push_back(event_type::trusted(std::string(name.name)));
    }
  }

  /// An ignored event comes nevertheless when a former one of its name is followed.
  template <class Event>
  void add_ignored(std::vector<event_handler>& handlers, projection_source const& source, std::string_view type, event_name name) {
    if constexpr (contains<typename checked::ignored, Event>)
      if (std::ranges::find(source.events, name.name, &event_type::str) != source.events.end())
        handlers.push_back({type, name.name, name.schema_version, &handle_event<Doc, Event>});
  }

  handler_table handlers_;
  handler_table formers_;
};

}  // namespace evoke::detail
