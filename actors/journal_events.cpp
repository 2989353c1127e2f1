#include "actors/journal_events.hpp"

#include <algorithm>
#include <mutex>
#include <utility>

namespace evoke::actors {

using persistence::name_kind;

/// Stands in the feed for this source; may outlive it by the length of one call.
struct journal_events::waiter final : persistence::feed_waiter {
  explicit waiter(std::function<void()> tell) : wake_up(std::move(tell)) {}
  void wake(position) noexcept override {
    std::lock_guard const lock(mutex);
    armed = false;
    if (wake_up) wake_up();
  }
  std::mutex mutex;
  std::function<void()> wake_up;
  std::atomic<bool> armed{false};
};

journal_events::journal_events(persistence::journal const& store, persistence::log_feed* feed, std::vector<projection_source> sources,
                               std::function<void()> wake)
    : store_(store), feed_(feed), sources_(std::move(sources)), waiter_(std::make_shared<waiter>(std::move(wake))) {}

journal_events::~journal_events() {
  if (feed_ != nullptr && waiter_->armed) feed_->disarm(*waiter_, std::nullopt);
  std::lock_guard const lock(waiter_->mutex);
  waiter_->wake_up = nullptr;
}

bool journal_events::arm(position after) {
  if (feed_ == nullptr) return after >= store_.head();
  if (waiter_->armed.exchange(true)) return after >= feed_->head();
  if (feed_->arm(waiter_, after, std::nullopt)) return true;
  waiter_->armed = false;
  return false;
}

void journal_events::resolve() {
  if (resolved_) return;
  filter_ = {};
  followed_.clear();
  resolved_ = true;
  for (auto const& source : sources_) {
    auto const type = store_.find_name(name_kind::aggregate_type, source.type.str());
    if (type == 0) {
      resolved_ = false;
      continue;
    }
    named known{type, source.type.str(), {}};
    for (auto const& event : source.events) {
      auto const number = store_.find_name(name_kind::event_type, event.str());
      if (number == 0) {
        resolved_ = false;
        continue;
      }
      known.events.emplace_back(number, event.str());
    }
    if (known.events.empty()) continue;
    followed_.push_back(std::move(known));
  }
  // No name known = no such event stored: nothing matches, which an empty list would not say.
  filter_.never = followed_.empty();
}

bool journal_events::follows(persistence::event_view const& event) const {
  return std::ranges::any_of(followed_, [&](named const& each) {
    return each.type == event.stream_type && std::ranges::any_of(each.events, [&](auto const& known) { return known.first == event.type; });
  });
}

projected_event journal_events::present(persistence::event_view const& event) const {
  auto const type = std::ranges::find(followed_, event.stream_type, &named::type);
  auto const name = std::ranges::find(type->events, event.type, [](auto const& known) { return known.first; });
  return {event.id,
          name->second,
          event.schema_version,
          type->name,
          event.stream_id,
          event.version,
          event.position,
          event.time,
          event.data,
          event.correlation_id,
          event.causation_id,
          event.user,
          1,
          event.command_id};
}

result<event_source::reach> journal_events::read(position after, std::uint64_t max_examined, visitor const& visit) {
  resolve();
  bool stopped = false;
  auto const offer = [&](persistence::event_view const& event) {
    if (!follows(event)) return true;  // types and events are looked for each by itself
    stopped = !visit(present(event));
    return !stopped;
  };
  if (auto const group = feed_ != nullptr ? feed_->group_behind(after) : nullptr; group) {
    for (auto const& event : group->events)
      if (event.position > after && !offer(event)) return reach{};
    return reach{group->last, group->last >= store_.head()};
  }
  auto const end = store_.scan_log(after, max_examined, filter_, offer);
  if (!end) return std::unexpected(end.error());
  if (stopped) return reach{};
  return reach{end->examined, end->at_end};
}

result<void> journal_events::read_one(position at, visitor const& visit) {
  resolve();
  auto const end = store_.scan_log(position{at.value() - 1}, 1, {}, [&](persistence::event_view const& event) {
    if (event.position == at && follows(event)) visit(present(event));
    return false;
  });
  if (!end) return std::unexpected(end.error());
  return {};
}

}  // namespace evoke::actors
