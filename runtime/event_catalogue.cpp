#include "runtime/event_catalogue.hpp"

#include <algorithm>
#include <charconv>
#include <map>
#include <optional>

#include "model/schema_change.hpp"

namespace evoke::detail {
namespace {

using persistence::name_kind;
using persistence::row_space;

constexpr std::uint64_t max_examined = 100'000;

/// Aggregate type, event and schema version, in the order of their rows' keys but for versions from 10 on.
struct entry {
  std::string type;
  std::string event;
  std::uint32_t version = 0;
  friend auto operator<=>(entry const&, entry const&) = default;

  [[nodiscard]] std::string key() const { return type + '/' + event + '/' + std::to_string(version); }
  [[nodiscard]] std::string text() const { return "event '" + event + "' version " + std::to_string(version); }
};
using schemas = std::map<entry, std::string>;

/// Names have no slash.
std::optional<entry> parse_key(std::string_view key) {
  auto const first = key.find('/');
  auto const second = key.rfind('/');
  if (first == std::string_view::npos || first == second) return std::nullopt;
  entry made{std::string(key.substr(0, first)), std::string(key.substr(first + 1, second - first - 1)), 0};
  auto const digits = key.substr(second + 1);
  auto const end = std::from_chars(digits.data(), digits.data() + digits.size(), made.version);
  if (end.ec != std::errc{} || end.ptr != digits.data() + digits.size()) return std::nullopt;
  return made;
}

schemas known_to(registry const& types) {
  schemas all;
  for (auto const& type : types.all()) {
    for (auto const& each : type->events()) all.emplace(entry{type->type().str(), each.name.str(), each.schema_version}, each.schema);
    for (auto const& each : type->formers()) all.emplace(entry{type->type().str(), each.name.str(), each.schema_version}, each.schema);
  }
  return all;
}

result<schemas> stored_in(persistence::journal const& store) {
  schemas all;
  result<void> end;
  auto const scanned = store.scan_rows(row_space::catalogue, {}, [&](std::string_view key, std::string_view schema) {
    auto parsed = parse_key(key);
    if (!parsed) end = fail(errc::corrupt, "the catalogue of events has a row '" + std::string(key) + "'");
    if (parsed) all.emplace(std::move(*parsed), schema);
    return parsed.has_value();
  });
  if (!scanned) return std::unexpected(scanned.error());
  if (!end) return std::unexpected(end.error());
  return all;
}

/// Where the first event of that kind lies, if there is any.
result<std::optional<std::string>> first_of(persistence::journal const& store, entry const& wanted) {
  persistence::resolved_filter filter;
  filter.types = {store.find_name(name_kind::aggregate_type, wanted.type)};
  filter.event_types = {store.find_name(name_kind::event_type, wanted.event)};
  if (filter.types.front() == 0 || filter.event_types.front() == 0) return std::nullopt;
  std::optional<std::string> found;
  position after{};
  for (;;) {
    auto const scanned = store.scan_log(after, max_examined, filter, [&](persistence::event_view const& event) {
      if (event.schema_version != wanted.version) return true;
      found = std::string(event.stream_id) + " version " + std::to_string(event.version.value()) + ", position " +
              std::to_string(event.position.value());
      return false;
    });
    if (!scanned) return std::unexpected(scanned.error());
    if (found || scanned->at_end) return found;
    after = scanned->examined;
  }
}

/// Its events are only shown as they are stored: it is retired, or it was a raw type before it was registered and is one again.
bool is_done_with(registry const& types, persistence::journal const& store, std::string const& type) {
  if (std::ranges::find(types.retired(), type) != types.retired().end()) return true;
  return types.find(type) == nullptr && store.find_name(name_kind::raw_type, type) != 0;
}

std::string remedy(registry const& types, entry const& missing) {
  auto const* const type = types.find(missing.type);
  if (type == nullptr) return "register the type, or say that it is no longer needed with registry::retire(\"" + missing.type + "\")";
  if (auto const today = type->find_event(missing.event); today && type->events()[*today].schema_version < missing.version)
    return "start the newer program that stored it";
  return "list it with .former<the_struct>(\"" + missing.event + "\", " + std::to_string(missing.version) +
         ") and say what it is today with upcast(), which may answer evoke::dropped";
}

}  // namespace

result<catalogue_findings> compare_catalogue(registry const& types, persistence::journal const& store) {
  auto const stored = stored_in(store);
  if (!stored) return std::unexpected(stored.error());
  auto const known = known_to(types);
  catalogue_findings found;
  for (auto const& [one, schema] : *stored) {
    if (is_done_with(types, store, one.type)) continue;
    auto const here = known.find(one);
    auto const change = here == known.end() ? std::nullopt : json::incompatible_change(schema, here->second);
    if (here != known.end() && !change) continue;
    // Where nothing was stored under it, the entry says nothing that anybody needs.
    auto const first = first_of(store, one);
    if (!first) return std::unexpected(first.error());
    if (!*first) {
      if (here == known.end()) found.changes.push_back({one.key(), std::nullopt});
      continue;
    }
    auto const what = one.text() + " of aggregate type '" + one.type + "' (first in " + **first + ")";
    found.unreadable.push_back(change ? what + " has other fields in this program. " + *change +
                                            ". Remedy: give what is stored from now on the next version, and list " +
                                            "the old struct with .former<the_struct>(\"" + one.event + "\", " +
                                            std::to_string(one.version) + ")"
                                      : what + " is unknown to this program. Remedy: " + remedy(types, one));
  }
  for (auto const& [one, schema] : known)
    if (auto const there = stored->find(one); there == stored->end() || there->second != schema)
      found.changes.push_back({one.key(), schema});
  return found;
}

result<void> keep_catalogue(registry const& types, persistence::journal& store) {
  auto found = compare_catalogue(types, store);
  if (!found) return std::unexpected(std::move(found.error()));
  if (!found->unreadable.empty()) {
    std::string text = "this program cannot read what is stored:";
    for (auto const& each : found->unreadable) text.append("\n  ").append(each);
    return fail(errc::incompatible_store, std::move(text));
  }
  return found->changes.empty() ? result<void>{} : store.write_rows(row_space::catalogue, found->changes, true);
}

}  // namespace evoke::detail
