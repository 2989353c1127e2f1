#include "actors/event_reader.hpp"

namespace evoke::actors {

using persistence::name_kind;

void event_reader::open(registry const& types) {
  by_type_.clear();
  for (auto const& definition : types.all()) {
    auto const& formers = definition->formers();
    if (formers.empty()) continue;
    auto const type = store_.find_name(name_kind::aggregate_type, definition->type().str());
    if (by_type_.size() <= type) by_type_.resize(type + 1);
    for (std::size_t i = 0; i < formers.size(); ++i) {
      former made{store_.find_name(name_kind::event_type, formers[i].name.str()), formers[i].schema_version, i, definition.get(), {}};
      for (std::size_t event = 0; event < definition->events().size(); ++event)
        if (definition->can_become(i, event))
          made.can_become.push_back(store_.find_name(name_kind::event_type, definition->events()[event].name.str()));
      by_type_[type].push_back(std::move(made));
    }
  }
}

result<std::vector<event_reader::part>> event_reader::upcast(former const& old, recorded_event stored) const {
  auto parts = old.definition->upcast(old.index, stored.data);
  if (!parts) {
    auto& why = parts.error();
    why.message = stored.stream_type.str() + "/" + stored.stream_id.str() + " version " + std::to_string(stored.version.value()) +
                  " (position " + std::to_string(stored.position.value()) + "): " + why.message;
    return std::unexpected(std::move(why));
  }
  std::vector<part> made;
  made.reserve(parts->size());
  stored.parts = static_cast<std::uint32_t>(parts->size());
  stored.part = 0;
  for (auto& each : *parts) {
    auto const& today = old.definition->events()[each.event_index];
    ++stored.part;
    stored.type = today.name;
    stored.schema_version = today.schema_version;
    stored.data = std::move(each.data);
    made.emplace_back(store_.find_name(name_kind::event_type, today.name.str()), stored);
  }
  return made;
}

result<std::vector<recorded_event>> event_reader::read(recorded_event stored, std::span<std::string const> event_types) const {
  reading how;
  for (auto const& each : event_types) how.event_types.push_back(store_.find_name(name_kind::event_type, each));
  persistence::event_view where;
  where.stream_type = store_.find_name(name_kind::aggregate_type, stored.stream_type.str());
  where.type = store_.find_name(name_kind::event_type, stored.type.str());
  where.schema_version = stored.schema_version;
  std::vector<recorded_event> made;
  auto const* const old = find(where);
  if (old == nullptr) {
    if (is_wanted(how, where.type)) made.push_back(std::move(stored));
    return made;
  }
  auto parts = upcast(*old, std::move(stored));
  if (!parts) return std::unexpected(std::move(parts.error()));
  for (auto& [number, event] : *parts)
    if (is_wanted(how, number)) made.push_back(std::move(event));
  return made;
}

reading event_reader::widen(persistence::resolved_filter& filter) const {
  reading how;
  if (filter.event_types.empty()) return how;
  how.event_types = filter.event_types;
  auto& passing = filter.event_types;
  for (auto const& formers : by_type_)
    for (auto const& each : formers) {
      bool const leads = std::ranges::any_of(each.can_become, [&](auto event) { return is_wanted(how, event); });
      if (leads && std::ranges::find(passing, each.type) == passing.end()) passing.push_back(each.type);
    }
  return how;
}

}  // namespace evoke::actors
