#include "persistence/name_table.hpp"

#include <algorithm>
#include <mutex>

namespace evoke::persistence {

name_id name_table::intern(name_kind kind, std::string_view name) {
  if (auto const known = find(kind, name); known != 0) return known;
  std::unique_lock const lock(guard_);
  auto& all = of(kind);
  if (auto const found = all.numbers.find(name); found != all.numbers.end()) return found->second;
  all.names.emplace_back(name);
  auto const id = static_cast<name_id>(all.names.size());
  all.numbers.emplace(all.names.back(), id);
  // Inside the lock: whoever learns the number from now on must find the name among the unstored.
  unstored_.fetch_add(1, std::memory_order_release);
  return id;
}

name_id name_table::find(name_kind kind, std::string_view name) const {
  std::shared_lock const lock(guard_);
  auto const& all = of(kind);
  auto const found = all.numbers.find(name);
  return found == all.numbers.end() ? 0 : found->second;
}

std::string_view name_table::name_of(name_kind kind, name_id id) const {
  std::shared_lock const lock(guard_);
  auto const& all = of(kind);
  return id == 0 || id > all.names.size() ? std::string_view{} : std::string_view(all.names[id - 1]);
}

std::vector<std::string> name_table::names(name_kind kind) const {
  std::shared_lock const lock(guard_);
  auto const& all = of(kind);
  return {all.names.begin(), all.names.end()};
}

std::vector<name_table::entry> name_table::unstored() const {
  std::vector<entry> out;
  if (unstored_.load(std::memory_order_acquire) == 0) return out;
  std::shared_lock const lock(guard_);
  for (auto const kind : {name_kind::aggregate_type, name_kind::event_type, name_kind::raw_type}) {
    auto const& all = of(kind);
    for (auto i = all.stored; i < all.names.size(); ++i) out.push_back({kind, static_cast<name_id>(i + 1), all.names[i]});
  }
  return out;
}

void name_table::mark_stored(std::vector<entry> const& entries) {
  if (entries.empty()) return;
  std::unique_lock const lock(guard_);
  for (auto const& each : entries) of(each.kind).stored = std::max<std::size_t>(of(each.kind).stored, each.id);
  unstored_.fetch_sub(entries.size(), std::memory_order_release);
}

bool name_table::restore(name_kind kind, name_id id, std::string_view name) {
  if (find(kind, name) != 0 || intern(kind, name) != id) return false;
  mark_stored({{kind, id, name}});
  return true;
}

}  // namespace evoke::persistence
