#include "actors/directory.hpp"

#include <algorithm>
#include <caf/exit_reason.hpp>
#include <caf/send.hpp>
#include <utility>

#include "actors/aggregate_actor.hpp"

namespace evoke::actors {

struct directory::key_hash {
  using is_transparent = void;
  std::size_t operator()(key_view each) const noexcept {
    return std::hash<std::string_view>{}(each.id) ^ (std::hash<void const*>{}(each.type) * 0x9e3779b97f4a7c15ULL);
  }
  std::size_t operator()(key const& each) const noexcept { return (*this)(key_view{each.type, each.id}); }
};

struct directory::key_equal {
  using is_transparent = void;
  template <class A, class B>
  bool operator()(A const& a, B const& b) const noexcept {
    return a.type == b.type && std::string_view(a.id) == std::string_view(b.id);
  }
};

struct directory::shard {
  std::mutex mutex;
  std::unordered_map<key, entry, key_hash, key_equal> entries;
  std::size_t resident = 0;
  std::size_t refused = 0;                                                   ///< entries that are in their backoff, or were
  std::chrono::nanoseconds shortest_idle = std::chrono::nanoseconds::max();  ///< passivate_after of the types that were here, the least
  entry* newest = nullptr;                                                   // residents only, by last use
  entry* oldest = nullptr;

  void link(entry& each) noexcept {
    each.newer = nullptr;
    each.older = newest;
    (newest != nullptr ? newest->newer : oldest) = &each;
    newest = &each;
  }
  void unlink(entry& each) noexcept {
    (each.newer != nullptr ? each.newer->older : newest) = each.older;
    (each.older != nullptr ? each.older->newer : oldest) = each.newer;
    each.newer = each.older = nullptr;
  }
  void touch(entry& each, std::chrono::nanoseconds now) noexcept {
    each.last_used = now;
    if (newest == &each) return;
    unlink(each);
    link(each);
  }
};

directory::directory(services& use, std::uint32_t max_resident, std::chrono::milliseconds recovery_backoff, spawner spawn)
    : use_(use),
      max_resident_(max_resident),
      recovery_backoff_(recovery_backoff),
      spawn_(std::move(spawn)),
      shards_(new shard[shard_count]) {}

directory::~directory() = default;

directory::shard& directory::shard_of(key_view wanted) const noexcept {
  // The map inside uses the low bits of the same hash: take others here.
  return shards_[(key_hash{}(wanted) >> 20U) % shard_count];
}

bool directory::resident(bound_type const& type, std::string_view id) const {
  key_view const wanted{&type, id};
  auto& in = shard_of(wanted);
  std::lock_guard const lock(in.mutex);
  auto const found = in.entries.find(wanted);
  return found != in.entries.end() && found->second.now != entry::phase::refused;
}

void directory::deliver(request_ptr request) {
  key_view const wanted{&request->type(), request->id().str()};
  auto& in = shard_of(wanted);
  std::optional<failure> refusal;
  {
    std::lock_guard const lock(in.mutex);
    auto found = in.entries.find(wanted);
    if (found == in.entries.end()) {
      found = in.entries.try_emplace(key{wanted.type, std::string(wanted.id)}).first;
      auto& fresh = found->second;
      fresh.name = &found->first;
      fresh.home = &in;
      fresh.link = new life_link;
      size_.fetch_add(1, std::memory_order_relaxed);
    }
    auto& home = found->second;
    auto const now = use_.time.steady();
    if (home.now == entry::phase::refused && now < home.last_used) {
      refusal = *home.refusal;
      auto const left = std::chrono::duration_cast<std::chrono::milliseconds>(home.last_used - now);
      refusal->retry_after_ms = static_cast<std::uint32_t>(left.count()) + 1;
    } else if (home.link->open.load(std::memory_order_relaxed) >= request->type().max_waiting_commands) {
      refusal = failure{errc::overloaded, "too many commands wait for this aggregate", {}, {}, 100};
    } else {
      request->join(home.link);
      if (home.now == entry::phase::passivating) {
        home.waiting.push_back(std::move(request));
      } else {
        if (home.now != entry::phase::resident) {
          spawn_locked(home);
          make_room_locked(in);
        } else {
          in.touch(home, now);
        }
        request->hand_over();
        caf::anon_send(home.actor, aggregate_message{std::move(request)});
      }
    }
  }
  if (refusal) request->refuse(std::move(*refusal));
}

void directory::spawn_locked(entry& fresh) {
  if (fresh.now == entry::phase::refused) --fresh.home->refused;
  fresh.refusal.reset();
  fresh.actor = spawn_(*this, fresh);
  fresh.now = entry::phase::resident;
  fresh.last_used = use_.time.steady();
  fresh.home->link(fresh);
  ++fresh.home->resident;
  fresh.home->shortest_idle = std::min<std::chrono::nanoseconds>(fresh.home->shortest_idle, fresh.name->type->passivate_after);
  residents_.fetch_add(1, std::memory_order_relaxed);
}

void directory::passivate_locked(entry& victim) {
  victim.now = entry::phase::passivating;
  victim.home->unlink(victim);
  --victim.home->resident;
  residents_.fetch_sub(1, std::memory_order_relaxed);
  caf::anon_send(victim.actor, aggregate_message{aggregate_message::passivate{}});
}

void directory::make_room_locked(shard& in) {
  // All shards together have the bound; who exceeds it lets go of its own, so that no other lock is needed.
  while (in.resident > 1 && residents_.load(std::memory_order_relaxed) > max_resident_) passivate_locked(*in.oldest);
}

void directory::close(entry& ending) {
  std::lock_guard const lock(ending.home->mutex);
  if (ending.now != entry::phase::resident) return;  // it was passivated: closed already
  ending.now = entry::phase::passivating;
  ending.home->unlink(ending);
  --ending.home->resident;
  residents_.fetch_sub(1, std::memory_order_relaxed);
}

void directory::retire(entry& ended, std::vector<request_ptr> leftover, std::optional<failure> refused) {
  auto& in = *ended.home;
  std::vector<request_ptr> answered;
  caf::actor old;  // released outside of the lock: it may be the last reference
  {
    std::lock_guard const lock(in.mutex);
    old = std::exchange(ended.actor, nullptr);
    for (auto& each : ended.waiting) leftover.push_back(std::move(each));
    ended.waiting.clear();
    if (refused) {
      ended.now = entry::phase::refused;
      ++in.refused;
      ended.last_used = use_.time.steady() + recovery_backoff_;
      ended.refusal = std::make_unique<failure>(errc::recovering, "recovery failed a moment ago: " + refused->message);
      answered = std::move(leftover);
    } else if (leftover.empty()) {
      size_.fetch_sub(1, std::memory_order_relaxed);
      in.entries.erase(in.entries.find(key_view{ended.name->type, ended.name->id}));
    } else {
      spawn_locked(ended);
      for (auto& each : leftover) {
        each->hand_over();
        caf::anon_send(ended.actor, aggregate_message{std::move(each)});
      }
      make_room_locked(in);
    }
  }
  for (auto& each : answered) each->refuse(*refused);
}

void directory::passivate_idle() {
  for (std::size_t i = 0; i < shard_count; ++i) {
    auto& in = shards_[i];
    std::lock_guard const lock(in.mutex);
    auto const now = use_.time.steady();
    // By last use: behind the first that has not been idle for long enough for any type there is none to find.
    for (auto* each = in.oldest; each != nullptr && now - each->last_used >= in.shortest_idle;) {
      auto& candidate = *each;
      each = each->newer;
      if (now - candidate.last_used >= candidate.name->type->passivate_after) passivate_locked(candidate);
    }
    if (in.refused == 0) continue;
    auto const gone = std::erase_if(
        in.entries, [&](auto const& each) { return each.second.now == entry::phase::refused && each.second.last_used <= now; });
    in.refused -= gone;
    size_.fetch_sub(gone, std::memory_order_relaxed);
  }
}

void directory::passivate_all() {
  for (std::size_t i = 0; i < shard_count; ++i) {
    auto& in = shards_[i];
    std::lock_guard const lock(in.mutex);
    while (in.oldest != nullptr) passivate_locked(*in.oldest);
  }
}

void directory::end_all() {
  for (std::size_t i = 0; i < shard_count; ++i) {
    auto& in = shards_[i];
    std::vector<request_ptr> dropped;  // declared first: answered when the lock is gone
    std::lock_guard const lock(in.mutex);
    for (auto& [name, each] : in.entries) {
      for (auto& waiting : each.waiting) dropped.push_back(std::move(waiting));
      each.waiting.clear();
      if (auto left = std::exchange(each.actor, nullptr)) caf::anon_send_exit(left, caf::exit_reason::kill);
    }
  }
}

}  // namespace evoke::actors
