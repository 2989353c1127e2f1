#include <evoke/registry.hpp>

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

}  // namespace

result<void> registry::add(std::shared_ptr<aggregate_definition const> definition) {
  if (!definition) return fail(errc::invalid_argument, "there is no definition to register");
  auto const& type = definition->type().str();
  if (auto const checked = aggregate_type_rule::check(type); !checked)
    return fail(errc::invalid_argument, "aggregate type '" + type + "': " + checked.error().message);
  if (auto checked = check_names<command_name_rule>(type, "command", definition->commands()); !checked) return checked;
  if (auto checked = check_names<event_type_rule>(type, "event", definition->events()); !checked) return checked;
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

}  // namespace evoke
