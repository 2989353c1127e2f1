#pragma once

#include "persistence/journal.hpp"

#include <algorithm>
#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace evoke::persistence {

/// The timers of the in-memory journal: by stream and name, and in the order of their due times. Guarded by its owner.
class timer_table {
 public:
  void change(stream_ref stream, timer_change const& to, event_id set_by, std::string const& correlation_id) {
    key const where{stream.type, std::string(stream.id), to.name};
    if (auto const before = by_name_.find(where); before != by_name_.end()) {
      by_due_.erase(before->second.at);
      by_name_.erase(before);
    }
    if (to.what == timer_change::action::cancel) return;
    stored_timer made{{to.due, stream.type, std::string(stream.id), to.name}, to.command, to.body, set_by, correlation_id};
    by_due_.insert(made.at);
    by_name_.emplace(where, std::move(made));
  }

  [[nodiscard]] std::vector<timer_change> of(stream_ref stream) const {
    std::vector<timer_change> out;
    for (auto at = by_name_.lower_bound({stream.type, std::string(stream.id), {}}); at != by_name_.end(); ++at) {
      auto const& timer = at->second;
      if (timer.at.type != stream.type || timer.at.id != stream.id) break;
      out.push_back({timer_change::action::set, timer.at.name, timer.at.due, timer.command, timer.body});
    }
    return out;
  }
  /// nullptr when it is not set.
  [[nodiscard]] stored_timer const* find(name_id type, std::string_view id, std::string_view name) const {
    auto const found = by_name_.find({type, std::string(id), std::string(name)});
    return found == by_name_.end() ? nullptr : &found->second;
  }
  /// At most `count` timers behind `after`, due at `until` or before.
  [[nodiscard]] std::vector<stored_timer> behind(timer_place const& after, timestamp until, std::size_t count) const {
    std::vector<stored_timer> out;
    for (auto at = by_due_.upper_bound(after); at != by_due_.end() && at->due <= until && out.size() < count; ++at)
      out.push_back(*find(at->type, at->id, at->name));
    return out;
  }
  [[nodiscard]] std::size_t size() const noexcept { return by_due_.size(); }

 private:
  using key = std::tuple<name_id, std::string, std::string>;
  std::map<key, stored_timer> by_name_;
  std::set<timer_place> by_due_;
};

}  // namespace evoke::persistence
