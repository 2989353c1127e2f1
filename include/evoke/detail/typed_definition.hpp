#pragma once

#include <evoke/definition.hpp>
#include <evoke/detail/requirements.hpp>
#include <evoke/detail/upcasting.hpp>
#include <evoke/json.hpp>

#include <array>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

/// The bridge from a user's types to what the runtime sees: implements definition.hpp from describe(), decide() and evolve().
namespace evoke::detail {

/// Failures of stored data. Defined in model/definition.cpp.
[[nodiscard]] failure unknown_event(std::string_view type, std::string_view event);
[[nodiscard]] failure other_schema(std::string_view event, std::uint32_t stored, std::uint32_t known);

template <class State>
class typed_state;

template <class State, class... Events>
class typed_decided final : public decided {
 public:
  explicit typed_decided(decision<Events...> made) : made_(std::move(made)) {}

  [[nodiscard]] std::size_t size() const noexcept override { return made_.events().size(); }
  [[nodiscard]] std::size_t event_index(std::size_t i) const noexcept override;
  [[nodiscard]] result<void> encode(std::size_t i, std::string& out) const override {
    return visit(i, [&](auto const& event) { return json::append(out, event); });
  }
  void evolve(std::size_t i, aggregate_state& state) const override;
  [[nodiscard]] std::vector<timer_change> const& timers() const noexcept override { return made_.timers(); }

 private:
  template <class Visitor>
  auto visit(std::size_t i, Visitor visitor) const {
    if constexpr (sizeof...(Events) == 0) {
      return result<void>{};  // never called: there is no event
    } else {
      return std::visit(visitor, made_.events()[i]);
    }
  }

  decision<Events...> made_;
};

/// Everything about a State that is the same for all its aggregates: one table per question, indexed like commands() and events().
template <class State, class Commands, class Events>
struct behaviour;

template <class State, class... Commands, class... Events>
struct behaviour<State, types<Commands...>, types<Events...>> : command_requirements<State, Commands>...,
                                                                event_requirements<State, Events>... {
  using decider = decide_outcome (*)(State const&, void const*, context const&);
  using folder = void (*)(State&, json::value, json::field_errors&);
  using command_reader = void (*)(json::value, boxed_command&, json::field_errors&);
  using command_writer = result<void> (*)(void const*, std::string&);

  template <class... Possible>
  static decide_outcome outcome_of(decision<Possible...>&& made) {
    (static_cast<void>(listed_event<State, types<Events...>, Possible>{}), ...);
    if (made.rejected()) return made.why();
    return std::make_unique<typed_decided<State, Possible...>>(std::move(made));
  }

  template <class Command>
  static decide_outcome decide_as(State const& state, void const* command, context const& given) {
    if constexpr (is_decision<answer_of<State, Command>>)
      return outcome_of(call_decide(state, *static_cast<Command const*>(command), given));
    else
      return rejection{};
  }

  template <class Event>
  static void fold(State& state, json::value data, json::field_errors& errors) {
    Event event{};
    json::codec<Event>::read(data, event, errors);
    if constexpr (has_evolve<State, Event>)
      if (errors.empty()) call_evolve(state, event);
  }

  template <class Command>
  static void read_command(json::value body, boxed_command& into, json::field_errors& errors) {
    auto command = std::make_unique<Command>();
    json::codec<Command>::read(body, *command, errors);
    into.object = {command.release(), [](void* object) { delete static_cast<Command*>(object); }};
  }

  template <class Command>
  static result<void> write_command(void const* command, std::string& out) {
    return json::append(out, *static_cast<Command const*>(command));
  }

  static constexpr std::array<decider, sizeof...(Commands)> deciders{&decide_as<Commands>...};
  static constexpr std::array<folder, sizeof...(Events)> folders{&fold<Events>...};
  static constexpr std::array<command_reader, sizeof...(Commands)> command_readers{&read_command<Commands>...};
  static constexpr std::array<command_writer, sizeof...(Commands)> command_writers{&write_command<Commands>...};

  static std::vector<std::string> command_schemas() { return {json::schema<Commands>()...}; }
  static std::vector<std::string> event_schemas() { return {json::schema<Events>()...}; }

  template <class... Possible>
  static std::vector<std::size_t> indexes(decision<Possible...> const*) {
    return {index_of<types<Events...>, Possible>...};
  }
  static std::vector<std::size_t> indexes(void const*) { return {}; }
  /// For each command the events that its decide() can answer with.
  static std::vector<std::vector<std::size_t>> possible_events() {
    return {indexes(static_cast<answer_of<State, Commands> const*>(nullptr))...};
  }
};

/// The description and what follows from it. Where there is none, an empty one, so that its absence is the only error.
template <class State>
struct checked : state_requirements<State> {
  static constexpr auto describe() {
    if constexpr (has_describe<State>) {
      return call_describe<State>();
    } else {
      return no_description{};
    }
  }
  using description = decltype(describe());
  using commands = typename description::commands;
  using events = typename description::events;
  using formers = typename description::formers;
  using behaviour = detail::behaviour<State, commands, events>;
  using history = detail::history<description, events, formers>;
};

/// One table per question about former events, indexed like formers().
template <class State, class Formers>
struct former_tables;

template <class State, class... Formers>
struct former_tables<State, types<Formers...>> {
  using folder = result<void> (*)(State&, std::string_view);
  using reader = result<std::vector<upcast_part>> (*)(std::string_view);

  template <class Former>
  static result<void> fold(State& state, std::string_view data) {
    auto const sink = [&]<class Event>(Event const& event) -> result<void> {
      if constexpr (has_evolve<State, Event>) call_evolve(state, event);
      return {};
    };
    return checked<State>::history::template read<Former>(checked<State>::describe(), data, sink);
  }

  template <class Former>
  static result<std::vector<upcast_part>> upcast_to_text(std::string_view data) {
    std::vector<upcast_part> parts;
    auto const sink = [&]<class Event>(Event const& event) -> result<void> {
      upcast_part part{index_of<typename checked<State>::events, Event>, {}};
      if (auto written = json::append(part.data, event); !written) return written;
      parts.push_back(std::move(part));
      return {};
    };
    auto done = checked<State>::history::template read<Former>(checked<State>::describe(), data, sink);
    if (!done) return std::unexpected(std::move(done.error()));
    return parts;
  }

  static constexpr std::array<folder, sizeof...(Formers)> folders{&fold<Formers>...};
  static constexpr std::array<reader, sizeof...(Formers)> readers{&upcast_to_text<Formers>...};
};

template <class State>
class typed_state final : public aggregate_state {
 public:
  typed_state(aggregate_definition const& definition, State state) : definition_(&definition), state_(std::move(state)) {}

  [[nodiscard]] State const& get() const noexcept { return state_; }
  [[nodiscard]] State& get() noexcept { return state_; }

  [[nodiscard]] std::unique_ptr<aggregate_state> clone() const override { return std::make_unique<typed_state>(*definition_, state_); }

  [[nodiscard]] decide_outcome decide(boxed_command const& command, context const& given) const override {
    return checked<State>::behaviour::deciders[command.index](state_, command.object.get(), given);
  }

  [[nodiscard]] result<void> apply(std::string_view event, std::uint32_t schema_version, std::string_view data) override {
    auto const index = definition_->find_event(event);
    if (!index || definition_->events()[*index].schema_version != schema_version) return apply_former(event, schema_version, data);
    json::borrowed_document scratch;
    auto root = scratch->parse(data);
    if (!root) return fail(unreadable("event", event, std::move(root.error())));
    json::field_errors errors;
    checked<State>::behaviour::folders[*index](state_, *root, errors);
    if (!errors.empty()) return fail(unreadable("event", event, std::move(errors).to_failure()));
    return {};
  }

  [[nodiscard]] result<void> apply_former(std::string_view event, std::uint32_t schema_version, std::string_view data) {
    if (auto const former = definition_->find_former(event, schema_version))
      return former_tables<State, typename checked<State>::formers>::folders[*former](state_, data);
    if (auto const index = definition_->find_event(event))
      return fail(other_schema(event, schema_version, definition_->events()[*index].schema_version));
    return fail(unknown_event(definition_->type().str(), event));
  }

  [[nodiscard]] result<void> encode(std::string& out) const override { return json::append(out, state_); }

  [[nodiscard]] result<void> restore(std::string_view json) override {
    auto decoded = json::decode<State>(json);
    if (!decoded) return fail(unreadable("state of", definition_->type().str(), std::move(decoded.error())));
    state_ = std::move(*decoded);
    return {};
  }

 private:
  aggregate_definition const* definition_;
  State state_;
};

template <class State, class... Events>
std::size_t typed_decided<State, Events...>::event_index(std::size_t i) const noexcept {
  static constexpr std::array<std::size_t, sizeof...(Events)> indexes{index_of<typename checked<State>::events, Events>...};
  return indexes[made_.events()[i].index()];
}

template <class State, class... Events>
void typed_decided<State, Events...>::evolve(std::size_t i, aggregate_state& state) const {
  visit(i, [&](auto const& event) { call_evolve(static_cast<typed_state<State>&>(state).get(), event); });
}

template <class State, class Command>
[[nodiscard]] boxed_command box(Command command) {
  using commands = typename checked<State>::commands;
  static_cast<void>(listed_command<State, commands, Command>{});
  return {index_of<commands, Command>, {new Command(std::move(command)), [](void* object) { delete static_cast<Command*>(object); }}};
}

template <class State>
class typed_definition final : public aggregate_definition {
  using behaviour = typename checked<State>::behaviour;
  using history = typename checked<State>::history;

 public:
  typed_definition() {
    auto const description = checked<State>::describe();
    type_ = aggregate_type::trusted(std::string(description.name()));
    settings_ = description.settings();
    state_schema_ = json::schema<State>();
    state_tag_ = &json::detail::type_tag<State>;

    auto event_schemas = behaviour::event_schemas();
    for (std::size_t i = 0; i < event_schemas.size(); ++i) {
      auto const& named = description.event_names()[i];
      events_.push_back({event_type::trusted(std::string(named.name)), named.schema_version, std::move(event_schemas[i])});
    }
    auto former_schemas = history::schemas();
    auto becomes = history::becomes();
    for (std::size_t i = 0; i < former_schemas.size(); ++i) {
      auto const& named = description.former_names()[i];
      formers_.push_back(
          {event_type::trusted(std::string(named.name)), named.schema_version, std::move(former_schemas[i]), std::move(becomes[i])});
    }
    state_shape_ = fold_shape(*this);
    auto command_schemas = behaviour::command_schemas();
    auto const possible = behaviour::possible_events();
    for (std::size_t i = 0; i < command_schemas.size(); ++i) {
      command_info made{command_name::trusted(std::string(description.command_names()[i])), std::move(command_schemas[i]), {}};
      for (auto const index : possible[i]) made.event_names.push_back(events_[index].name.str());
      commands_.push_back(std::move(made));
    }
  }

  [[nodiscard]] result<std::vector<upcast_part>> upcast(std::size_t former, std::string_view data) const override {
    return former_tables<State, typename checked<State>::formers>::readers[former](data);
  }

  [[nodiscard]] std::unique_ptr<aggregate_state> create() const override { return std::make_unique<typed_state<State>>(*this, State{}); }

  [[nodiscard]] result<boxed_command> decode_command(std::size_t index, std::string_view json) const override {
    json::borrowed_document scratch;
    auto root = scratch->parse(json);
    if (!root) return fail(std::move(root.error()));
    boxed_command made{.index = index};
    json::field_errors errors;
    behaviour::command_readers[index](*root, made, errors);
    if (!errors.empty()) return fail(std::move(errors).to_failure());
    return made;
  }

  [[nodiscard]] result<void> encode_command(boxed_command const& command, std::string& out) const override {
    return behaviour::command_writers[command.index](command.object.get(), out);
  }
};

}  // namespace evoke::detail
