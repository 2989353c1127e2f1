#include "runtime/delivery_window.hpp"

#include <algorithm>
#include <utility>

namespace evoke::detail {
namespace {

/// Settled events behind one that is not are remembered one by one; beyond so many the log waits for that one.
constexpr std::size_t max_settled_ahead = 20'000;

std::string key_of(std::string_view type, std::string_view id) {
  std::string made;
  made.reserve(type.size() + 1 + id.size());
  return made.append(type).append(1, '\0').append(id);
}

}  // namespace

std::string delivery_window::key_of(recorded_event const& event) {
  return detail::key_of(event.stream_type.str(), event.stream_id.str());
}

delivery_window::delivery_window(settings chosen, progress from, std::vector<parked_event> const& parked)
    : settings_(std::move(chosen)),
      checkpoint_(from.checkpoint),
      examined_(from.checkpoint),
      settled_(std::move(from.settled)),
      known_attempts_(std::move(from.attempts)),
      parked_(parked.size()) {
  for (auto const& each : parked) ++held_[detail::key_of(each.aggregate_type, each.aggregate_id)];
}

bool delivery_window::wants_more() const noexcept {
  return entries_.size() < settings_.max_unacknowledged && settled_.size() < max_settled_ahead;
}

void delivery_window::offer(std::vector<recorded_event> events, position examined, timestamp now) {
  for (auto& event : events) {
    auto const at = event.position;
    if (at <= examined_ || settled_.contains(at)) continue;
    auto const held = settings_.hold_aggregate && held_.contains(key_of(event));
    add(std::move(event), false);
    if (held) park(at, "an earlier event of its aggregate is parked", now);
  }
  examined_ = std::max(examined_, examined);
  advance();
}

void delivery_window::add(recorded_event event, bool replayed) {
  auto const at = event.position;
  by_aggregate_[key_of(event)].insert(at);
  entry made;
  made.event = std::move(event);
  made.replayed = replayed;
  if (auto const known = known_attempts_.find(at); known != known_attempts_.end()) {
    made.attempts = known->second;
    known_attempts_.erase(known);
  }
  entries_.emplace(at, std::move(made));
}

void delivery_window::replay(recorded_event event) {
  if (!entries_.contains(event.position)) add(std::move(event), true);
}

bool delivery_window::may_be_leased(entry const& one, lease_id as) const {
  for (auto const before : by_aggregate_.at(key_of(one.event))) {
    if (before == one.event.position) return true;
    if (entries_.at(before).lease != as) return false;
  }
  return false;
}

std::vector<delivery> delivery_window::fetch(lease_id as, std::size_t limit, timestamp now) {
  std::vector<delivery> taken;
  for (auto& [at, one] : entries_) {
    if (taken.size() == limit) break;
    if (one.lease != 0 || one.until > now || !may_be_leased(one, as)) continue;
    one.lease = as;
    one.until = now + settings_.lease;
    ++one.attempts;
    ++leased_;
    if (one.attempts > 1) ++redelivered_;
    leases_[as].insert(at);
    taken.push_back({one.event, one.attempts});
  }
  return taken;
}

std::vector<position> delivery_window::members(lease_id lease, std::vector<event_id> const& events,
                                               std::vector<event_id>& not_leased) const {
  auto const found = leases_.find(lease);
  if (found == leases_.end()) {
    not_leased = events;
    return {};
  }
  if (events.empty()) return {found->second.begin(), found->second.end()};
  std::map<event_id, position> ids;
  for (auto const at : found->second) ids.emplace(entries_.at(at).event.id, at);
  std::set<position> wanted;
  for (auto const& id : events) {
    if (auto const known = ids.find(id); known != ids.end())
      wanted.insert(known->second);
    else
      not_leased.push_back(id);
  }
  return {wanted.begin(), wanted.end()};
}

std::optional<acknowledgement> delivery_window::ack(lease_id lease, std::vector<event_id> const& events) {
  acknowledgement end;
  auto const found = members(lease, events, end.not_leased);
  if (found.empty()) return std::nullopt;
  for (auto const at : found) settle(at);
  end.settled = found.size();
  advance();
  return end;
}

std::optional<acknowledgement> delivery_window::nack(lease_id lease, std::vector<event_id> const& events, nack_action action,
                                                     std::string const& reason, timestamp now) {
  acknowledgement end;
  auto const found = members(lease, events, end.not_leased);
  if (found.empty()) return std::nullopt;
  end.settled = found.size();
  for (auto const at : found) {
    // An earlier one of the same aggregate may have taken it along.
    auto const one = entries_.find(at);
    if (one == entries_.end() || one->second.lease != lease) continue;
    switch (action) {
      case nack_action::retry: retry(at, reason, now + settings_.retry_delay, now); break;
      case nack_action::park: park(at, reason, now); break;
      case nack_action::skip: settle(at); break;
    }
  }
  advance();
  return end;
}

void delivery_window::pass(position at) {
  settle(at);
  advance();
}

void delivery_window::give_up(position at, std::string reason, timestamp now) {
  release_behind(at, entries_.at(at).lease);
  park(at, std::move(reason), now);
  advance();
}

void delivery_window::expire(timestamp now) {
  std::vector<position> over;
  for (auto const& [lease, all] : leases_)
    for (auto const at : all)
      if (entries_.at(at).until <= now) over.push_back(at);
  std::ranges::sort(over);
  for (auto const at : over) {
    auto const one = entries_.find(at);
    if (one == entries_.end() || one->second.lease == 0) continue;
    if (one->second.attempts >= settings_.max_attempts) {
      park(at, "its lease ran out " + std::to_string(one->second.attempts) + " times", now);
    } else {
      release(one->second);
      one->second.until = now;
      changes_.progressed = true;
    }
  }
  if (!over.empty()) advance();
}

void delivery_window::retry(position at, std::string const& reason, timestamp not_before, timestamp now) {
  auto& one = entries_.at(at);
  auto const lease = one.lease;
  if (one.attempts >= settings_.max_attempts) return park(at, reason.empty() ? "tried as often as allowed" : reason, now);
  release(one);
  one.until = not_before;
  changes_.progressed = true;
  release_behind(at, lease);
}

/// What came after it in the same lease must not be done before it: those go back, and it does not count as their attempt.
void delivery_window::release_behind(position at, lease_id lease) {
  auto const& all = by_aggregate_.at(key_of(entries_.at(at).event));
  for (auto later = all.upper_bound(at); later != all.end(); ++later) {
    auto& one = entries_.at(*later);
    if (one.lease != lease) continue;
    release(one);
    one.until = {};
    --one.attempts;
  }
}

void delivery_window::release(entry& one) {
  auto const found = leases_.find(one.lease);
  found->second.erase(one.event.position);
  if (found->second.empty()) leases_.erase(found);
  one.lease = 0;
  --leased_;
}

void delivery_window::settle(position at) {
  auto const found = entries_.find(at);
  if (found->second.replayed) {
    --parked_;
    changes_.unparked.push_back(at);
    if (auto const held = held_.find(key_of(found->second.event)); held != held_.end() && --held->second == 0) held_.erase(held);
  } else {
    settled_.insert(at);
  }
  changes_.progressed = true;
  forget(found);
}

void delivery_window::park(position at, std::string reason, timestamp now) {
  auto const key = key_of(entries_.at(at).event);
  park_one(at, std::move(reason), now);
  auto const behind = by_aggregate_.find(key);
  if (!settings_.hold_aggregate || behind == by_aggregate_.end()) return;
  // Those behind it that are with nobody: what a consumer has already it may finish.
  std::vector<position> waiting;
  for (auto later = behind->second.upper_bound(at); later != behind->second.end(); ++later)
    if (entries_.at(*later).lease == 0) waiting.push_back(*later);
  for (auto const each : waiting) park_one(each, "an earlier event of its aggregate is parked", now);
}

void delivery_window::park_one(position at, std::string reason, timestamp now) {
  auto const found = entries_.find(at);
  auto const& event = found->second.event;
  changes_.parked.push_back({event.id, at, event.stream_type.str(), event.stream_id.str(), event.type.str(), found->second.attempts,
                             std::move(reason), now, false});
  changes_.progressed = true;
  if (!found->second.replayed) {
    ++parked_;
    ++held_[key_of(event)];
    settled_.insert(at);
  }
  forget(found);
}

void delivery_window::forget(entries::iterator at) {
  if (at->second.lease != 0) release(at->second);
  auto const same = by_aggregate_.find(key_of(at->second.event));
  same->second.erase(at->first);
  if (same->second.empty()) by_aggregate_.erase(same);
  entries_.erase(at);
}

void delivery_window::advance() {
  auto const open = entries_.upper_bound(checkpoint_);  // replayed ones lie at or below it
  auto const to = open == entries_.end() ? examined_ : position{open->first.value() - 1};
  if (to <= checkpoint_) return;
  checkpoint_ = to;
  settled_.erase(settled_.begin(), settled_.upper_bound(checkpoint_));
  changes_.progressed = true;
}

std::optional<timestamp> delivery_window::next_moment(timestamp now) const {
  std::optional<timestamp> first;
  for (auto const& [at, one] : entries_)
    if ((one.lease != 0 || one.until > now) && (!first || one.until < *first)) first = one.until;
  return first;
}

delivery_window::progress delivery_window::stored() const {
  progress made{checkpoint_, settled_, known_attempts_};
  for (auto const& [at, one] : entries_)
    if (one.attempts > 0 && !one.replayed) made.attempts.emplace(at, one.attempts);
  return made;
}

std::optional<timestamp> delivery_window::oldest() const {
  auto const open = entries_.upper_bound(checkpoint_);
  if (open == entries_.end()) return std::nullopt;
  return open->second.event.time;
}

}  // namespace evoke::detail
