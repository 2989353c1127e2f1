#include "persistence/journal_writer.hpp"

#include <chrono>
#include <utility>

#include "model/thread_name.hpp"

namespace evoke::persistence {

namespace {
constexpr std::chrono::seconds mark_interval{1};
}

journal_writer::journal_writer(journal& store, completion_sink& sink, clock const& time, log_feed* feed,
                               std::function<void(std::string_view)> on_failed, group_limits limits)
    : store_(store), sink_(sink), time_(time), feed_(feed), on_failed_(std::move(on_failed)), queue_(limits), thread_([this] { run(); }) {}

journal_writer::~journal_writer() {
  stop();
}

void journal_writer::wake() noexcept {
  {
    std::lock_guard const lock(mutex_);
    if (awake_) return;
    awake_ = true;
  }
  wake_up_.notify_one();
}

void journal_writer::stop() {
  {
    std::lock_guard const lock(mutex_);
    if (stopping_) return;
    stopping_ = true;
    awake_ = true;
  }
  wake_up_.notify_one();
  thread_.join();
  deliver(queue_.close({errc::draining, "the runtime is stopping", {}, {}, {}}));
}

void journal_writer::run() {
  detail::name_this_thread("evoke-writer");
  auto next_mark = time_.steady() + mark_interval;
  for (;;) {
    while (queue_.take_group()) {
      commit_group();
      if (auto const now = time_.steady(); now >= next_mark) {
        if (auto end = store_.sync_mark(); end) marked_ = true;
        next_mark = now + mark_interval;
      }
    }
    std::unique_lock lock(mutex_);
    if (!awake_) {
      if (stopping_) return;
      if (marked_) {
        wake_up_.wait(lock, [this] { return awake_; });
      } else if (!wake_up_.wait_for(lock, mark_interval, [this] { return awake_; })) {
        lock.unlock();
        // A mark that cannot be synced is retried with the next; commits tell of a broken disk themselves.
        marked_ = store_.sync_mark().has_value();
        next_mark = time_.steady() + mark_interval;
        continue;
      }
    }
    awake_ = false;
  }
}

void journal_writer::commit_group() {
  auto const begin = time_.steady();
  auto end = store_.commit(queue_.changes(), time_.now());
  count(end.has_value(), time_.steady() - begin);
  // Somebody's state was not what is stored: a defect, and no precondition of the client's. Nothing was written; whoever it was recovers.
  if (!end && end.error().code == errc::version_mismatch)
    end = fail({errc::recovering, "the journal refused the group, the aggregates recover: " + end.error().message, {}, {}, 100});
  bool const fatal = !end && (end.error().code == errc::outcome_unknown || end.error().code == errc::journal_failed);
  bool const first_fatal = fatal && !queue_.closed_reason();
  marked_ = false;
  // Copied before the commands hear of it: they take their events apart.
  auto live = end && feed_ != nullptr && feed_->followed() ? make_live_group(queue_.changes(), store_.store_id()) : nullptr;
  if (auto* const listener = listener_.load(std::memory_order_acquire); end && listener != nullptr) listener->committed(queue_.changes());
  deliver(queue_.finish_group(end));
  if (end && feed_ != nullptr) feed_->publish(store_.head(), std::move(live));
  if (first_fatal && on_failed_) on_failed_(end.error().message);
}

void journal_writer::count(bool stored, std::chrono::nanoseconds took) {
  if (!stored) {
    meter_.failures.fetch_add(1, std::memory_order_relaxed);
    return;
  }
  std::uint64_t events = 0;
  for (auto const* each : queue_.changes()) events += each->events.size();
  meter_.commits.record(took);
  meter_.events.fetch_add(events, std::memory_order_relaxed);
  if (auto const sync = store_.last_sync(); sync > std::chrono::nanoseconds(0)) meter_.syncs.record(sync);
}

void journal_writer::deliver(commit_queue::finished_group group) {
  // One hand-over per worker and group, however many commands it held.
  std::vector<std::vector<commit_entry_ptr>> by_worker;
  for (auto& each : group.entries) {
    auto const worker = each->worker;
    if (worker >= by_worker.size()) by_worker.resize(worker + 1);
    by_worker[worker].push_back(std::move(each));
  }
  for (std::size_t worker = 0; worker < by_worker.size(); ++worker)
    if (!by_worker[worker].empty()) sink_.deliver(worker, std::move(by_worker[worker]), group.why);
}

}  // namespace evoke::persistence
