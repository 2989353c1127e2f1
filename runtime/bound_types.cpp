#include "runtime/bound_types.hpp"

#include <exception>
#include <mutex>
#include <string>

namespace evoke::detail {

using persistence::name_kind;

result<void> bound_types::open(registry const& types, persistence::journal& store, runtime_options const& options) {
  store_ = &store;
  options_ = &options;
  for (auto const& each : types.all()) {
    auto bound = actors::bind(*each, store, options);
    if (!bound) return std::unexpected(bound.error());
    if (store.find_name(name_kind::raw_type, bound->name.str()) != 0)
      if (auto readable = check_readable(*bound); !readable) return readable;
    auto kept = std::make_unique<actors::bound_type>(std::move(*bound));
    by_definition_.emplace(each.get(), kept.get());
    by_name_.emplace(kept->name.str(), std::move(kept));
  }
  for (auto const& name : types.retired()) {
    auto const number = store.find_name(name_kind::aggregate_type, name);
    if (number == 0) continue;
    auto kept = std::make_unique<actors::bound_type>(actors::bind_raw(aggregate_type::trusted(name), number, options));
    kept->retired = true;
    by_name_.emplace(kept->name.str(), std::move(kept));
  }
  for (auto const& name : store.names(name_kind::raw_type)) {
    if (by_name_.contains(name)) continue;
    auto const number = store.find_name(name_kind::aggregate_type, name);
    auto kept = std::make_unique<actors::bound_type>(actors::bind_raw(aggregate_type::trusted(name), number, options));
    by_name_.emplace(kept->name.str(), std::move(kept));
  }
  return {};
}

// Events that came in raw were checked by nobody: the type may be registered over them only when it reads them all.
result<void> bound_types::check_readable(actors::bound_type const& type) const {
  result<void> end;
  auto const refuse = [&](persistence::event_view const& event, std::string const& why) {
    end = fail(errc::corrupt, "type " + type.name.str() + " is registered over raw events that it cannot read: " +
                                  std::string(event.stream_id) + " version " + std::to_string(event.version.value()) + ": " + why);
    return false;
  };
  auto const read = [&](persistence::event_view const& event) {
    try {
      // A fresh state a time: only decoding is asked here, not whether the events make sense together.
      auto const name = store_->name_of(name_kind::event_type, event.type);
      auto applied = type.definition->create()->apply(name, event.schema_version, event.data);
      if (!applied) return refuse(event, applied.error().message);
    } catch (std::exception const& thrown) {
      return refuse(event, thrown.what());
    }
    return true;
  };
  persistence::resolved_filter filter;
  filter.types.push_back(type.number);
  position after{};
  for (;;) {
    auto const scanned = store_->scan_log(after, 100'000, filter, read);
    if (!scanned) return std::unexpected(scanned.error());
    if (!end || scanned->at_end) return end;
    after = scanned->examined;
  }
}

actors::bound_type const* bound_types::find(std::string_view name) const {
  std::shared_lock const lock(guard_);
  auto const found = by_name_.find(name);
  return found == by_name_.end() ? nullptr : found->second.get();
}

actors::bound_type const* bound_types::find(aggregate_definition const& definition) const {
  auto const found = by_definition_.find(&definition);
  return found == by_definition_.end() ? nullptr : found->second;
}

result<void> bound_types::check_room(name_kind kind) const {
  if (store_->names(kind).size() < options_->limits.max_raw_names) return {};
  return fail(errc::limit_exceeded,
              "raw appends have brought in as many names as the limit allows: " + std::to_string(options_->limits.max_raw_names));
}

result<actors::bound_type const*> bound_types::raw(std::string_view name) {
  if (auto const* known = find(name)) {
    if (known->definition != nullptr)
      return fail(errc::not_allowed, "type " + std::string(name) + " is registered: its events come from its commands only");
    if (known->retired) return fail(errc::not_allowed, "type " + std::string(name) + " is retired: it takes no more events");
    return known;
  }
  auto parsed = aggregate_type::parse(name);
  if (!parsed) return std::unexpected(parsed.error());
  std::unique_lock const lock(guard_);
  if (auto const found = by_name_.find(name); found != by_name_.end()) return found->second.get();
  if (auto room = check_room(name_kind::raw_type); !room) return std::unexpected(room.error());
  auto const number = store_->intern(name_kind::aggregate_type, name);
  if (!number) return std::unexpected(number.error());
  if (auto marked = store_->intern(name_kind::raw_type, name); !marked) return std::unexpected(marked.error());
  auto made = std::make_unique<actors::bound_type>(actors::bind_raw(std::move(*parsed), *number, *options_));
  auto const* const kept = made.get();
  by_name_.emplace(kept->name.str(), std::move(made));
  return kept;
}

result<persistence::name_id> bound_types::raw_event(std::string_view name) {
  if (auto const known = store_->find_name(name_kind::event_type, name); known != 0) return known;
  if (auto parsed = event_type::parse(name); !parsed) return std::unexpected(parsed.error());
  std::unique_lock const lock(guard_);
  if (auto room = check_room(name_kind::event_type); !room) return std::unexpected(room.error());
  return store_->intern(name_kind::event_type, name);
}

}  // namespace evoke::detail
