#include "runtime/persistent_subscription_set.hpp"

#include <evoke/utf8.hpp>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <utility>

namespace evoke::detail {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t max_name_bytes = 128;
constexpr std::size_t max_reason_bytes = 1'024;

failure stopping() {
  return {errc::draining, "the runtime is stopping", {}, {}, {}};
}

result<void> check_name(std::string_view name) {
  auto const fits = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '.' || c == '-'; };
  bool const dots = name == "." || name == "..";
  if (!name.empty() && name.size() <= max_name_bytes && !dots && std::ranges::all_of(name, fits)) return {};
  return fail(errc::invalid_argument, "a subscription's name is 1 to 128 characters of a-z, 0-9, _, . and -");
}

result<void> check(persistent_subscription_settings const& settings) {
  if (settings.lease < 1ms || settings.lease > 24h) return fail(errc::invalid_argument, "lease must be between 1 ms and 24 hours");
  if (settings.retry_delay < 0ms || settings.retry_delay > 24h)
    return fail(errc::invalid_argument, "retry_delay must be between 0 and 24 hours");
  if (settings.max_attempts == 0) return fail(errc::invalid_argument, "max_attempts must be at least 1");
  if (settings.max_unacknowledged == 0 || settings.max_unacknowledged > 10'000)
    return fail(errc::invalid_argument, "max_unacknowledged must be between 1 and 10000");
  return {};
}

}  // namespace

persistent_subscription_set::persistent_subscription_set(competing_consumers::world with, std::uint32_t most)
    : with_(std::move(with)), most_(most), lane_(std::make_shared<serial_lane>(with_.pool)) {}

result<void> persistent_subscription_set::open() {
  auto stored = read_subscriptions(with_.store);
  if (!stored) return std::unexpected(std::move(stored.error()));
  for (auto& each : *stored) begin(std::move(each));
  return {};
}

void persistent_subscription_set::begin(stored_subscription from) {
  auto made = std::make_shared<competing_consumers>(with_, std::move(from), here());
  {
    std::lock_guard const lock(mutex_);
    if (closed_) return;
    all_[made->name()] = made;
  }
  made->start();
}

void persistent_subscription_set::close(std::chrono::steady_clock::time_point deadline) {
  struct ending {
    std::mutex mutex;
    std::condition_variable changed;
    std::size_t left = 0;
  };
  std::map<std::string, one> all;
  {
    std::lock_guard const lock(mutex_);
    closed_ = true;
    all.swap(all_);
  }
  auto const waited = std::make_shared<ending>();
  waited->left = all.size() + 1;
  auto const one_less = [waited] {
    std::lock_guard const lock(waited->mutex);
    --waited->left;
    waited->changed.notify_all();
  };
  for (auto const& [name, each] : all) each->end(stopping(), one_less);
  lane_->run(one_less);
  std::unique_lock lock(waited->mutex);
  waited->changed.wait_until(lock, deadline, [&] { return waited->left == 0; });
}

std::vector<persistent_subscription_set::totals> persistent_subscription_set::sum_up() const {
  std::lock_guard const lock(mutex_);
  std::vector<totals> sums;
  for (auto const& [name, each] : all_) sums.push_back({name, each->checkpoint(), each->parked_count()});
  return sums;
}

result<persistent_subscription_set::one> persistent_subscription_set::find(std::string const& name) const {
  std::lock_guard const lock(mutex_);
  if (closed_) return fail(stopping());
  auto const found = all_.find(name);
  if (found == all_.end()) return fail(errc::not_found, "there is no persistent subscription '" + name + "'");
  return found->second;
}

template <class T>
void persistent_subscription_set::answer(std::size_t worker, callback<result<T>> done, result<T> what) {
  with_.answers.run_on(worker, [done = std::move(done), what = std::move(what)]() mutable { done(std::move(what)); });
}

template <class T, class Ask>
void persistent_subscription_set::ask(std::string const& name, callback<result<T>> done, Ask how) {
  auto const worker = here();
  auto found = find(name);
  if (!found) return answer<T>(worker, std::move(done), std::unexpected(std::move(found.error())));
  how(**found, worker, std::move(done));
}

// -- creating, removing, looking

void persistent_subscription_set::put(std::string name, persistent_subscription_settings settings, callback<result<bool>> done) {
  auto const worker = here();
  auto checked = check_name(name);
  if (checked) checked = check(settings);
  if (!checked) return answer<bool>(worker, std::move(done), std::unexpected(std::move(checked.error())));
  lane_->run([this, worker, name = std::move(name), settings = std::move(settings), done = std::move(done)]() mutable {
    auto const there = find(name);
    if (there) return (*there)->adjust(std::move(settings), worker, std::move(done));
    if (there.error().code != errc::not_found) return answer<bool>(worker, std::move(done), std::unexpected(there.error()));
    answer<bool>(worker, std::move(done), create(name, settings));
  });
}

result<bool> persistent_subscription_set::create(std::string const& name, persistent_subscription_settings const& settings) {
  {
    std::lock_guard const lock(mutex_);
    if (going_.contains(name)) return fail({errc::overloaded, "one of that name is being removed", {}, {}, 100});
    if (all_.size() >= most_)
      return fail(errc::limit_exceeded, "there are as many persistent subscriptions as the limit allows: " + std::to_string(most_));
  }
  // Asked once and dropped: what cannot be followed is refused now, and not by silence later.
  subscription_request probe;
  probe.after = settings.after;
  probe.filter = settings.filter;
  probe.raw = settings.raw;
  if (auto followed = with_.subscribe(std::move(probe)); !followed) return std::unexpected(std::move(followed.error()));
  stored_subscription made{name, settings, {settings.after, {}, {}}, {}};
  if (auto written = write_settings(with_.store, name, settings, made.progress); !written)
    return std::unexpected(std::move(written.error()));
  begin(std::move(made));
  return true;
}

void persistent_subscription_set::remove(std::string name, callback<result<void>> done) {
  auto const worker = here();
  lane_->run([this, worker, name = std::move(name), done = std::move(done)]() mutable {
    auto there = find(name);
    if (!there) return answer<void>(worker, std::move(done), std::unexpected(std::move(there.error())));
    failure const gone{errc::not_found, "persistent subscription '" + name + "' was removed", {}, {}, {}};
    {
      std::lock_guard const lock(mutex_);
      all_.erase(name);
      going_.insert(name);
    }
    // Its rows go when nobody writes them any more.
    (*there)->end(gone, [this, worker, name, done = std::move(done)]() mutable {
      lane_->run([this, worker, name, done = std::move(done)]() mutable {
        auto end = remove_subscription(with_.store, name);
        {
          std::lock_guard const lock(mutex_);
          going_.erase(name);
        }
        answer<void>(worker, std::move(done), std::move(end));
      });
    });
  });
}

void persistent_subscription_set::status(std::string name, callback<result<persistent_subscription_status>> done) {
  ask<persistent_subscription_status>(name, std::move(done),
                                      [](auto& it, std::size_t worker, auto then) { it.status(worker, std::move(then)); });
}

void persistent_subscription_set::list(callback<result<std::vector<persistent_subscription_status>>> done) {
  struct gathering {
    std::mutex mutex;
    std::vector<persistent_subscription_status> found;
    callback<result<std::vector<persistent_subscription_status>>> done;
    std::size_t left = 0;
  };
  std::vector<one> all;
  {
    std::lock_guard const lock(mutex_);
    for (auto const& [name, each] : all_) all.push_back(each);
  }
  auto const worker = here();
  if (all.empty()) return answer<std::vector<persistent_subscription_status>>(worker, std::move(done), {});
  auto const into = std::make_shared<gathering>();
  into->done = std::move(done);
  into->left = all.size();
  for (auto const& each : all)
    each->status(worker, [into](result<persistent_subscription_status> told) {
      std::unique_lock lock(into->mutex);
      if (told) into->found.push_back(std::move(*told));  // one that was removed meanwhile is not there
      if (--into->left > 0) return;
      lock.unlock();
      std::ranges::sort(into->found, {}, &persistent_subscription_status::name);
      into->done(std::move(into->found));
    });
}

// -- consumers

void persistent_subscription_set::fetch(std::string name, std::size_t limit, std::chrono::milliseconds wait,
                                        callback<result<delivery_batch>> done) {
  ask<delivery_batch>(name, std::move(done),
                      [&](auto& it, std::size_t worker, auto then) { it.fetch(limit, wait, worker, std::move(then)); });
}

void persistent_subscription_set::ack(std::string name, std::string lease, std::vector<event_id> events,
                                      callback<result<acknowledgement>> done) {
  ask<acknowledgement>(name, std::move(done), [&](auto& it, std::size_t worker, auto then) {
    it.ack(std::move(lease), std::move(events), worker, std::move(then));
  });
}

void persistent_subscription_set::nack(std::string name, std::string lease, std::vector<event_id> events, nack_action action,
                                       std::string reason, callback<result<acknowledgement>> done) {
  if (reason.size() > max_reason_bytes || !is_utf8(reason))
    return answer<acknowledgement>(here(), std::move(done), fail(errc::invalid_argument, "a reason is at most 1024 bytes of UTF-8"));
  ask<acknowledgement>(name, std::move(done), [&](auto& it, std::size_t worker, auto then) {
    it.nack(std::move(lease), std::move(events), action, std::move(reason), worker, std::move(then));
  });
}

void persistent_subscription_set::end_waits() {
  std::lock_guard const lock(mutex_);
  for (auto const& [name, each] : all_) each->end_waits();
}

void persistent_subscription_set::parked(std::string name, position after, std::size_t limit, callback<result<parked_page>> done) {
  ask<parked_page>(name, std::move(done),
                   [&](auto& it, std::size_t worker, auto then) { it.parked(after, limit, worker, std::move(then)); });
}

void persistent_subscription_set::replay_parked(std::string name, std::size_t limit, bool only_count,
                                                callback<result<std::uint64_t>> done) {
  ask<std::uint64_t>(name, std::move(done),
                     [&](auto& it, std::size_t worker, auto then) { it.replay_parked(limit, only_count, worker, std::move(then)); });
}

}  // namespace evoke::detail
