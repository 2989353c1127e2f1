#include "actors/projection_actor.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include "model/thread_name.hpp"

namespace evoke::actors {

using clock_type = std::chrono::steady_clock;

namespace {
// After a batch that changed nothing: what comes is mostly for others, and a look at it costs a wake-up.
constexpr int kQuietRests = 4;
}  // namespace

projection_actor::projection_actor(projection_definition const& definition, projection_world const& world)
    : definition_(definition),
      world_(world),
      life_(
          definition, world.store,
          [this] { return std::make_unique<journal_events>(world_.journal, world_.feed, definition_.sources(), [this] { wake(); }); },
          world.time, world.settings, world.log) {}

result<void> projection_actor::start() {
  if (auto started = life_.start(); !started) return started;
  publish();
  thread_ = std::thread([this] { run(); });
  return {};
}

void projection_actor::stop() {
  {
    std::lock_guard const lock(mutex_);
    if (stopping_) return;
    stopping_ = true;
  }
  something_.notify_one();
  if (thread_.joinable()) thread_.join();
  {
    std::lock_guard const lock(state_guard_);
    ended_ = true;
    moment_.store.reset();
  }
  passing_->refuse();
  changing_->refuse();
}

bool projection_actor::tell(message& what) {
  {
    std::lock_guard const lock(mutex_);
    if (closed_ || stopping_) return false;
    mailbox_.push_back(std::move(what));
  }
  something_.notify_one();
  return true;
}

void projection_actor::wake() {
  {
    std::lock_guard const lock(mutex_);
    if (woken_) return;
    woken_ = true;
  }
  something_.notify_one();
}

void projection_actor::hurry() {
  {
    std::lock_guard const lock(mutex_);
  }  // who looks now whether somebody waits has looked too early: it is told
  something_.notify_one();
}

void projection_actor::run() {
  detail::name_this_thread("v:" + definition_.name());
  std::deque<message> mail;
  for (;;) {
    bool last = false;
    {
      std::lock_guard const lock(mutex_);
      mail.swap(mailbox_);
      woken_ = false;
      last = closed_ = stopping_;
    }
    for (auto& each : mail) {
      auto answer = each(life_);
      publish();
      answer();
    }
    mail.clear();
    if (last) break;

    auto const began = clock_type::now();
    auto const changes = life_.changes();
    auto const next = life_.work();
    auto const rest = life_.changes() == changes ? kQuietRests * world_.rest : world_.rest;
    publish();
    auto const something = [this] { return stopping_ || !mailbox_.empty(); };
    using kind = projection_life::next_step::kind;
    if (next.what == kind::work) {
      if (world_.duty >= 1 || !world_.busy || !world_.busy()) continue;
      // Far behind while commands are open: as much time for them as the duty says.
      auto const pause = (clock_type::now() - began) * (1.0 / world_.duty - 1.0);
      std::unique_lock lock(mutex_);
      something_.wait_for(lock, pause, something);
      continue;
    }
    std::unique_lock lock(mutex_);
    if (next.what == kind::wait) {
      something_.wait_for(lock, next.wait, [&] { return woken_ || something(); });
      continue;
    }
    something_.wait(lock, [&] { return woken_ || something(); });
    // What follows closely is handled together: a batch of many costs little more than a batch of one.
    something_.wait_until(lock, began + rest, [&] { return passing_->size() > 0 || something(); });
  }
  static_cast<void>(life_.flush());  // what a refusal costs is made again at the next start
}

void projection_actor::publish() {
  auto served = life_.served();
  auto const checkpoint = life_.checkpoint();
  auto const changes = life_.changes();
  bool const serving = served != nullptr;
  auto status = life_.status();
  bool swapped = false;
  bool still = false;
  {
    std::lock_guard const lock(state_guard_);
    swapped = moment_.store != served;
    moment_ = {std::move(served), checkpoint.at, changes, status.phase, checkpoint.blocked};
    status_ = std::move(status);
    still = stands_still();
  }
  if (serving) passing_->passed(checkpoint.at.value());
  changing_->passed(swapped ? std::numeric_limits<std::uint64_t>::max() : changes);
  if (still) passing_->refuse();
}

bool projection_actor::stands_still() const {
  return ended_ || moment_.phase == projection_phase::paused || moment_.phase == projection_phase::stopped;
}

projection_actor::moment projection_actor::now() const {
  std::lock_guard const lock(state_guard_);
  return moment_;
}

projection_status projection_actor::status() const {
  projection_status now;
  {
    std::lock_guard const lock(state_guard_);
    now = status_;
  }
  now.head = world_.journal.head();
  now.lag_events = now.head.value() - std::min(now.head.value(), now.checkpoint.value());
  return now;
}

void projection_actor::watch(std::shared_ptr<position_waiters> const& waiters, time deadline) {
  world_.deadlines.call_at(deadline, [this, weak = std::weak_ptr(waiters)] {
    auto const alive = weak.lock();
    if (!alive) return;
    if (auto const next = alive->expire(clock_type::now()); next != time::max()) watch(alive, next);
  });
}

void projection_actor::when_passed(position at, time deadline, position_waiters::answer done) {
  if (passing_->add(at.value(), deadline, std::move(done))) watch(passing_, deadline);
  // Looked at behind the registration, so that nothing published in between is missed.
  moment seen;
  bool still = false;
  {
    std::lock_guard const lock(state_guard_);
    seen = moment_;
    still = stands_still();
  }
  if (seen.store) passing_->passed(seen.checkpoint.value());
  if (seen.checkpoint < at) hurry();
  if (still) passing_->refuse();
}

void projection_actor::when_changed(moment const& seen, time deadline, position_waiters::answer done) {
  if (changing_->add(seen.changes + 1, deadline, std::move(done))) watch(changing_, deadline);
  std::uint64_t newest = 0;
  bool ended = false;
  {
    std::lock_guard const lock(state_guard_);
    newest = moment_.store == seen.store ? moment_.changes : std::numeric_limits<std::uint64_t>::max();
    ended = ended_;
  }
  changing_->passed(newest);
  if (ended) changing_->refuse();
}

}  // namespace evoke::actors
