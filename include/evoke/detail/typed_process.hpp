#pragma once

#include <evoke/detail/process_requirements.hpp>
#include <evoke/detail/typed_definition.hpp>
#include <evoke/json.hpp>
#include <evoke/process_definition.hpp>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// The bridge from a user's process to what the runtime sees: implements process_definition.hpp from describe(), correlate() and react().
namespace evoke::detail {

/// What happens to one kind of event of one aggregate type.
struct process_handler {
  std::string_view stream_type;
  std::string_view event;
  std::uint32_t schema_version = 1;
  result<std::string> (*correlate)(projected_event const& event) = nullptr;
  result<void> (*react)(void* state, projected_event const& event, context const& given, reaction& out) = nullptr;
};

/// Adds what a handler's event is to the sources. Defined in model/process.cpp, as the next.
void add_process_event(std::vector<process_source>& sources, std::string_view type, std::string_view event, bool starts);
[[nodiscard]] failure not_followed(std::string_view process, projected_event const& event);

template <class Event>
result<Event> decode_event(projected_event const& event) {
  auto decoded = json::decode<Event>(event.data);
  if (!decoded) return fail(unreadable("event", event.type, std::move(decoded.error())));
  return decoded;
}

template <class State, class Event>
result<std::string> correlate_event(projected_event const& event) {
  if constexpr (correlates_plainly<State, Event> || correlates_with_facts<State, Event>) {
    auto decoded = decode_event<Event>(event);
    if (!decoded) return fail(std::move(decoded.error()));
    if constexpr (correlates_with_facts<State, Event>)
      return std::string(call_correlate<State>(*decoded, event));
    else
      return std::string(call_correlate<State>(*decoded));
  } else {
    return std::string(event.stream_id);
  }
}

template <class State, class Event>
result<void> react_to_event(void* state, projected_event const& event, context const& given, reaction& out) {
  auto decoded = decode_event<Event>(event);
  if (!decoded) return fail(std::move(decoded.error()));
  if constexpr (reacts_with_facts<State, Event>)
    out = call_react(*static_cast<State*>(state), *decoded, given, event);
  else if constexpr (reacts_plainly<State, Event>)
    out = call_react(*static_cast<State*>(state), *decoded, given);
  return {};
}

template <class State>
class typed_process final : public process_definition {
  using checked = checked_process<State>;

 public:
  typed_process() {
    state_schema_ = json::schema<State>();
    state_tag_ = &json::detail::type_tag<State>;
    if constexpr (describes_process<State>) {
      auto const description = checked::describe();
      name_ = aggregate_type::trusted(std::string(description.name()));
      settings_ = description.settings();
      add(typename checked::followed{});
    }
  }

  [[nodiscard]] result<std::string> correlate(projected_event const& event) const override {
    auto const* handler = find(event);
    if (handler == nullptr) return fail(not_followed(name_.str(), event));
    if (settings_.ends_itself) return event.id.str();
    return handler->correlate(event);
  }

  [[nodiscard]] result<reacted> react(std::string_view state, process_trigger const& trigger, context const& given) const override {
    State object{};
    if (!state.empty()) {
      auto read = json::decode<State>(state);
      if (!read) return fail(unreadable("state of", name_.str(), std::move(read.error())));
      object = std::move(*read);
    }
    reacted made;
    auto done = std::visit([&](auto const* what) { return react_to(object, *what, given, made); }, trigger);
    if (!done) return fail(std::move(done.error()));
    if (auto written = json::append(made.state, object); !written) return fail(std::move(written.error()));
    return made;
  }

 private:
  template <class What>
  result<void> react_to(State& state, What const& what, context const& given, reacted& out) const {
    if constexpr (reacts_plainly<State, What>) {
      out.handled = true;
      out.reaction = call_react(state, what, given);
    }
    return {};
  }
  result<void> react_to(State& state, projected_event const& event, context const& given, reacted& out) const {
    auto const* handler = find(event);
    if (handler == nullptr) return fail(not_followed(name_.str(), event));
    if (handler->schema_version != event.schema_version)
      return fail(other_schema(event.type, event.schema_version, handler->schema_version));
    out.handled = true;
    return handler->react(&state, event, given, out.reaction);
  }

  [[nodiscard]] process_handler const* find(projected_event const& event) const noexcept {
    for (auto const& each : handlers_)
      if (each.event == event.type && each.stream_type == event.stream_type) return &each;
    return nullptr;
  }

  template <class... Followed>
  void add(types<Followed...>) {
    (add_one<Followed>(), ...);
  }
  template <class Followed>
  void add_one() {
    using source = typename Followed::source;
    using event = typename Followed::event;
    if constexpr (is_event_of<source, event>) {
      auto const described = call_describe<source>();
      auto const& named = described.event_names()[index_of<typename decltype(described)::events, event>];
      handlers_.push_back(
          {described.name(), named.name, named.schema_version, &correlate_event<State, event>, &react_to_event<State, event>});
      add_process_event(sources_, described.name(), named.name, Followed::is_start);
    }
  }

  std::vector<process_handler> handlers_;
};

}  // namespace evoke::detail
