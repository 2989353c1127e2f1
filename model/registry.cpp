#include <evoke/registry.hpp>

#include <algorithm>
#include <span>

#include "model/process_aggregate.hpp"

namespace evoke {
namespace {

/// Every name follows its rule and occurs once.
template <class Rule, class Info>
result<void> check_names(std::string_view type, std::string_view what, std::vector<Info> const& all) {
  for (std::size_t i = 0; i < all.size(); ++i) {
    auto const& name = all[i].name.str();
    auto const subject = "aggregate type '" + std::string(type) + "', " + std::string(what) + " '" + name + "': ";
    if (auto const checked = Rule::check(name); !checked) return fail(errc::invalid_argument, subject + checked.error().message);
    for (std::size_t before = 0; before < i; ++before)
      if (all[before].name == all[i].name) return fail(errc::invalid_argument, subject + "the name is given twice");
  }
  return {};
}

std::string version_of(std::string_view name, std::uint32_t number) {
  return "event '" + std::string(name) + "' version " + std::to_string(number);
}

/// Every version that a program can have stored under a name says how it reads, once.
result<void> check_versions(aggregate_definition const& type) {
  auto const refuse = [&](std::string const& text) {
    return fail(errc::invalid_argument, "aggregate type '" + type.type().str() + "', " + text);
  };
  for (auto const& each : type.events())
    if (each.schema_version == 0) return refuse(version_of(each.name.str(), 0) + ": versions begin at 1");
  for (std::size_t i = 0; i < type.formers().size(); ++i) {
    auto const& former = type.formers()[i];
    auto const name = version_of(former.name.str(), former.schema_version);
    if (auto const checked = event_type_rule::check(former.name.str()); !checked)
      return refuse("former " + name + ": " + checked.error().message);
    if (former.schema_version == 0) return refuse("former " + name + ": versions begin at 1");
    if (type.find_former(former.name.str(), former.schema_version) != i) return refuse("former " + name + " is given twice");
    if (auto const current = type.find_event(former.name.str()); current && type.events()[*current].schema_version <= former.schema_version)
      return refuse("former " + name + ": the version of today is " + std::to_string(type.events()[*current].schema_version) +
                    ". Remedy: raise that one, or remove the .former<>()");
  }
  auto const complete = [&](std::string const& name, std::uint32_t last) -> result<void> {
    for (std::uint32_t number = 1; number < last; ++number)
      if (!type.find_former(name, number))
        return refuse(version_of(name, number) + " may be stored, and nothing says how it reads. Remedy: add .former<the_struct>(\"" +
                      name + "\", " + std::to_string(number) + ") and its upcast(), which may answer evoke::dropped");
    return {};
  };
  for (auto const& each : type.events())
    if (auto checked = complete(each.name.str(), each.schema_version); !checked) return checked;
  for (auto const& each : type.formers())
    if (auto checked = complete(each.name.str(), each.schema_version); !checked) return checked;
  return {};
}

/// Upcasting comes to an end: no former event can become itself again.
result<void> check_ends(aggregate_definition const& type) {
  auto const events = type.events().size();
  auto const& formers = type.formers();
  std::vector<bool> ends(formers.size(), false);
  for (std::size_t round = 0; round < formers.size(); ++round)
    for (std::size_t i = 0; i < formers.size(); ++i)
      ends[i] = std::ranges::all_of(formers[i].becomes, [&](std::size_t target) { return target < events || ends[target - events]; });
  auto const endless = std::ranges::find(ends, false);
  if (endless == ends.end()) return {};
  auto const& former = formers[static_cast<std::size_t>(endless - ends.begin())];
  return fail(errc::invalid_argument, "aggregate type '" + type.type().str() +
                                          "': " + version_of(former.name.str(), former.schema_version) +
                                          " is upcast in a circle. Remedy: let each upcast() answer with a later event");
}

/// One index of a projection: `before` are those in front of it.
result<void> check_index(std::string_view projection, index_info const& index, std::span<index_info const> before) {
  auto const subject = "projection '" + std::string(projection) + "', index '" + index.name + "': ";
  if (auto const checked = aggregate_type_rule::check(index.name); !checked)
    return fail(errc::invalid_argument, subject + checked.error().message);
  if (std::ranges::find(before, index.name, &index_info::name) != before.end())
    return fail(errc::invalid_argument, subject + "the name is given twice");
  if (index.fields.empty()) return fail(errc::invalid_argument, subject + "it has no fields");
  for (auto field = index.fields.begin(); field != index.fields.end(); ++field)
    if (std::find_if(index.fields.begin(), field, [&](auto const& other) { return other.name == field->name; }) != field)
      return fail(errc::invalid_argument, subject + "the field '" + field->name + "' is given twice");
  return {};
}

/// @param follower e.g. "projection 'carts'".
result<void> check_event(registry const& known, std::string const& follower, aggregate_type const& source, event_type const& event) {
  auto const* type = known.find(source.str());
  if (type == nullptr)
    return fail(errc::invalid_argument, follower + " follows aggregate type '" + source.str() + "', which is not registered");
  if (!type->find_event(event.str()) && std::ranges::find(type->formers(), event, &former_info::name) == type->formers().end())
    return fail(errc::invalid_argument, follower + " follows event '" + event.str() + "', which the registered aggregate type '" +
                                            source.str() + "' does not have");
  return {};
}

}  // namespace

result<void> registry::add(std::shared_ptr<aggregate_definition const> definition) {
  if (!definition) return fail(errc::invalid_argument, "there is no definition to register");
  auto const& type = definition->type().str();
  if (auto const checked = aggregate_type_rule::check(type); !checked)
    return fail(errc::invalid_argument, "aggregate type '" + type + "': " + checked.error().message);
  if (auto checked = check_names<command_name_rule>(type, "command", definition->commands()); !checked) return checked;
  if (auto checked = check_names<event_type_rule>(type, "event", definition->events()); !checked) return checked;
  if (auto checked = check_versions(*definition); !checked) return checked;
  if (auto checked = check_ends(*definition); !checked) return checked;
  if (find(type) != nullptr) return fail(errc::already_exists, "aggregate type '" + type + "' is already registered");
  if (auto const* other = find_by_state(definition->state_tag()); other != nullptr)
    return fail(errc::already_exists,
                "the C++ state of aggregate type '" + type + "' is already registered as '" + other->type().str() + "'");
  all_.push_back(std::move(definition));
  return {};
}

aggregate_definition const* registry::find(std::string_view type) const noexcept {
  for (auto const& each : all_)
    if (each->type().str() == type) return each.get();
  return nullptr;
}

aggregate_definition const* registry::find_by_state(void const* state_tag) const noexcept {
  if (state_tag == nullptr) return nullptr;
  for (auto const& each : all_)
    if (each->state_tag() == state_tag) return each.get();
  return nullptr;
}

result<void> registry::add(std::shared_ptr<projection_definition const> definition) {
  if (!definition) return fail(errc::invalid_argument, "there is no projection to register");
  auto const& name = definition->name();
  auto const subject = "projection '" + name + "'";
  if (auto const checked = aggregate_type_rule::check(name); !checked)
    return fail(errc::invalid_argument, subject + ": " + checked.error().message);
  if (definition->version() == 0) return fail(errc::invalid_argument, subject + ": versions begin at 1");
  if (definition->any_order() && definition->keys() != key_rule::free)
    return fail(errc::invalid_argument,
                subject + ": any_order() says nothing where keys are aggregate ids. Remedy: add .free_keys(), or remove it");
  std::span<index_info const> const indexes = definition->indexes();
  for (std::size_t i = 0; i < indexes.size(); ++i)
    if (auto checked = check_index(name, indexes[i], indexes.first(i)); !checked) return checked;
  if (find_projection(name) != nullptr) return fail(errc::already_exists, subject + " is already registered");
  if (auto const* other = find_projection_by_document(definition->document_tag()); other != nullptr)
    return fail(errc::already_exists, "the C++ document of " + subject + " is already registered as '" + other->name() + "'");
  projections_.push_back(std::move(definition));
  return {};
}

result<void> registry::retire(std::string_view type) {
  if (auto checked = aggregate_type_rule::check(type); !checked)
    return fail(errc::invalid_argument, "aggregate type '" + std::string(type) + "': " + checked.error().message);
  if (std::ranges::find(retired_, type) == retired_.end()) retired_.emplace_back(type);
  return {};
}

result<void> registry::check() const {
  for (auto const& each : retired_)
    if (find(each) != nullptr)
      return fail(errc::invalid_argument, "aggregate type '" + each + "' is registered and retired. Remedy: one of both");
  for (auto const& projection : projections_)
    for (auto const& source : projection->sources())
      for (auto const& event : source.events)
        if (auto checked = check_event(*this, "projection '" + projection->name() + "'", source.type, event); !checked) return checked;
  for (auto const& process : processes_)
    for (auto const& source : process->sources())
      for (auto const& event : source.events)
        if (auto checked = check_event(*this, "process '" + process->name().str() + "'", source.type, event.name); !checked) return checked;
  return {};
}

result<void> registry::add(std::shared_ptr<process_definition const> definition) {
  if (!definition) return fail(errc::invalid_argument, "there is no process to register");
  auto const subject = "process '" + definition->name().str() + "'";
  bool starts = false;
  for (auto const& source : definition->sources())
    for (auto const& event : source.events) starts = starts || event.starts;
  if (!starts) return fail(errc::invalid_argument, subject + ": no event starts it");
  auto const& settings = definition->settings();
  if (settings.step_deadline.count() <= 0 || settings.undo_deadline.count() <= 0)
    return fail(errc::invalid_argument, subject + ": its deadlines must be greater than zero");
  if (auto added = add(detail::make_process_aggregate(definition)); !added) return added;
  processes_.push_back(std::move(definition));
  return {};
}

process_definition const* registry::find_process(std::string_view name) const noexcept {
  for (auto const& each : processes_)
    if (each->name().str() == name) return each.get();
  return nullptr;
}

projection_definition const* registry::find_projection(std::string_view name) const noexcept {
  for (auto const& each : projections_)
    if (each->name() == name) return each.get();
  return nullptr;
}

projection_definition const* registry::find_projection_by_document(void const* document_tag) const noexcept {
  if (document_tag == nullptr) return nullptr;
  for (auto const& each : projections_)
    if (each->document_tag() == document_tag) return each.get();
  return nullptr;
}

}  // namespace evoke
