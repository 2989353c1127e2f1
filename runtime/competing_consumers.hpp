#pragma once

#include <evoke/persistent_subscription.hpp>
#include <evoke/subscription.hpp>

#include <atomic>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "actors/event_reader.hpp"
#include "actors/services.hpp"
#include "actors/worker_pool.hpp"
#include "persistence/journal.hpp"
#include "runtime/delivery_rows.hpp"
#include "runtime/delivery_window.hpp"
#include "runtime/serial_lane.hpp"

namespace evoke::detail {

/// One persistent subscription at work: a delivery window, filled by a subscription of its own, asked by consumers, and stored before they
/// hear of it.
///
/// Threads: what is public may be called from any; everything happens on `lane_`, except the timer, which lives on one worker.
class competing_consumers : public std::enable_shared_from_this<competing_consumers> {
 public:
  template <class T>
  using callback = persistent_subscriptions::callback<T>;
  using milliseconds = std::chrono::milliseconds;

  struct world {
    persistence::journal& store;
    actors::event_reader const& events;
    actors::background& pool;
    actors::answer_port& answers;
    actors::worker_pool& workers;
    clock const& time;
    actors::entropy& random;
    /// Follows the log for one of these, as it is stored, by a filter of what it is today; fails as runtime::subscribe.
    std::function<result<subscription>(subscription_request)> subscribe;
    std::uint32_t max_page_events;
  };

  competing_consumers(world with, stored_subscription from, std::size_t home);
  void start();
  /// Answers all who wait with `why`, and all who come. `then` runs when nothing of it is under way any more.
  void end(failure why, std::move_only_function<void()> then);

  [[nodiscard]] std::string const& name() const noexcept { return name_; }
  [[nodiscard]] std::uint64_t parked_count() const noexcept { return parked_count_.load(std::memory_order_relaxed); }
  [[nodiscard]] position checkpoint() const noexcept { return position{checkpoint_.load(std::memory_order_relaxed)}; }

  // -- each answers on `worker`
  void adjust(persistent_subscription_settings settings, std::size_t worker, callback<result<bool>> done);
  void status(std::size_t worker, callback<result<persistent_subscription_status>> done);
  void fetch(std::size_t limit, milliseconds wait, std::size_t worker, callback<result<delivery_batch>> done);
  void ack(std::string lease, std::vector<event_id> events, std::size_t worker, callback<result<acknowledgement>> done);
  void nack(std::string lease, std::vector<event_id> events, nack_action action, std::string reason, std::size_t worker,
            callback<result<acknowledgement>> done);
  void end_waits();
  void parked(position after, std::size_t limit, std::size_t worker, callback<result<parked_page>> done);
  void replay_parked(std::size_t limit, bool only_count, std::size_t worker, callback<result<std::uint64_t>> done);

 private:
  using steady = std::chrono::steady_clock;
  struct waiter {
    std::size_t limit;
    steady::time_point deadline;
    std::size_t worker;
    callback<result<delivery_batch>> done;
  };

  /// `step` on the lane, with its answer to `done`; `why_ended_` instead, once it ended.
  template <class T, class Step>
  void on_lane(std::size_t worker, callback<result<T>> done, Step step);
  template <class T>
  void answer(std::size_t worker, callback<result<T>> done, result<T> what);

  /// The time that leases go by: as the wall said at start, then steady, so that a jump of the wall ends none.
  [[nodiscard]] timestamp now() const;
  // -- all on the lane
  void pull();
  void took(result<subscription_batch> batch);
  void serve();
  void arm();
  [[nodiscard]] delivery_batch lease(std::size_t limit);
  [[nodiscard]] bool as_stored() const noexcept { return settings_.raw || !with_.events.has_formers(); }
  /// What the leased events are today, as far as that is wanted.
  [[nodiscard]] std::vector<delivery> shown(std::vector<delivery> leased, timestamp at);
  result<acknowledgement> settled(std::optional<acknowledgement> end);
  /// Stores what changed. What could not be stored stays to be stored with the next.
  result<void> store();
  [[nodiscard]] result<recorded_event> read(position at) const;
  [[nodiscard]] persistent_subscription_status status_now() const;

  world with_;
  std::string const name_;
  std::size_t const home_;
  std::shared_ptr<serial_lane> lane_;
  persistent_subscription_settings settings_;
  timestamp const begin_;
  std::chrono::nanoseconds const begin_steady_;
  delivery_window window_;
  delivery_window::changes unstored_;
  std::optional<subscription> source_;
  bool pulling_ = false;
  std::deque<waiter> waiters_;
  std::optional<failure> why_ended_;
  std::uint64_t armed_ = 0;  ///< tells a timer from one that was set before
  std::optional<boost::asio::basic_waitable_timer<steady, boost::asio::wait_traits<steady>, boost::asio::io_context::executor_type>>
      timer_;  ///< on the home worker only
  std::atomic<std::uint64_t> parked_count_{0};
  std::atomic<std::uint64_t> checkpoint_{0};
};

}  // namespace evoke::detail
