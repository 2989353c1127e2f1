#pragma once

#include <evoke/options.hpp>
#include <evoke/subscription.hpp>

#include <atomic>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "actors/event_reader.hpp"
#include "actors/recovery_pool.hpp"
#include "actors/services.hpp"
#include "actors/worker_pool.hpp"
#include "persistence/journal.hpp"
#include "persistence/log_feed.hpp"
#include "runtime/subscription_book.hpp"

namespace evoke {

/// A follower's life. At the head it waits in the log feed and takes groups from memory; behind what the feed keeps it reads the journal on
/// the background threads; either way by its own position, so nothing is missed or seen twice where one ends and the other begins.
///
/// Threads: everything but the constructor, `ask` and `cancel` happens on one worker, `home`.
class subscription::state final : public persistence::feed_waiter, public std::enable_shared_from_this<subscription::state> {
 public:
  using milliseconds = std::chrono::milliseconds;

  /// What it may use of the runtime. None of it is touched after end().
  struct world {
    persistence::journal const& store;
    actors::event_reader const& events;
    actors::recovery_pool& pool;
    actors::answer_port& answers;
    actors::worker_pool& workers;
    evoke::limits const& limits;
  };
  struct wanted {
    position after{};
    persistence::resolved_filter filter{};  ///< of what is stored
    actors::reading how{};
    std::optional<persistence::name_id> stream_type{};  ///< one stream only, with stream_id
    std::string stream_id{};
    std::size_t max_events = 0;
  };

  state(world with, std::shared_ptr<persistence::log_feed> feed, std::shared_ptr<detail::subscription_book> book, wanted request,
        std::size_t home);
  ~state() override;

  void ask(milliseconds wait, on_batch done);
  void cancel() noexcept;
  /// The runtime stops: an open question is answered with `draining`, all later ones too. Any thread.
  void end();

  void wake(position passed) noexcept override;

 private:
  using steady = std::chrono::steady_clock;
  enum class phase : std::uint8_t {
    idle,     ///< no question is open
    looking,  ///< between two steps, or a read is under way
    armed,    ///< waits in the feed, until `deadline_` at most
    pausing,  ///< waits for the timer only, then looks again
  };

  template <class Step>
  void at_home(Step step);
  void begin(milliseconds wait, on_batch done);
  void look();
  void look_in_memory();
  /// Whether there is room for more.
  result<bool> take(persistence::live_group const& group);
  void read_log();
  [[nodiscard]] result<position> read_behind(position after, subscription_batch& into) const;
  [[nodiscard]] result<position> read_stream_behind(position after, subscription_batch& into) const;
  [[nodiscard]] static result<position> found_until(persistence::event_view const& unread, failure why, subscription_batch const& so_far);
  /// What the event is today. Whether there is room for more.
  [[nodiscard]] result<bool> add(persistence::event_view const& event, subscription_batch& into, std::size_t& bytes) const;
  void wait_for_more();
  void pause(milliseconds how_long);
  void on_timer();
  void stop_timer();
  void deliver();
  void refuse(failure why);
  [[nodiscard]] std::optional<persistence::stream_ref> stream() const;
  [[nodiscard]] bool reads_all() const;

  world with_;
  std::shared_ptr<persistence::log_feed> feed_;
  persistence::log_feed::follower following_;
  std::shared_ptr<detail::subscription_book> book_;
  wanted const request_;
  std::size_t const home_;
  std::optional<boost::asio::basic_waitable_timer<steady, boost::asio::wait_traits<steady>, boost::asio::io_context::executor_type>> timer_;

  std::atomic<bool> ended_{false};  ///< the runtime is gone, or going
  bool cancelled_ = false;
  phase phase_ = phase::idle;
  std::uint64_t turn_ = 0;  ///< tells a timer or a read of an earlier wait from one of this
  position cursor_;
  subscription_batch batch_;
  std::size_t batch_bytes_ = 0;
  steady::time_point deadline_{};
  on_batch done_;
};

}  // namespace evoke
