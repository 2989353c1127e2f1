#pragma once

#include <evoke/command.hpp>
#include <evoke/options.hpp>

#include <atomic>
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "actors/services.hpp"
#include "actors/worker_pool.hpp"
#include "persistence/journal_writer.hpp"
#include "runtime/timer_agenda.hpp"

namespace evoke::detail {

/// Fires timers: a thin shell around timer_agenda. Commits tell it what was set and cancelled, background threads read pages of the index,
/// a timer on worker 0 wakes it, and the end of each fired command goes on with the next ones. Any thread.
class timer_service final : public persistence::commit_listener, public std::enable_shared_from_this<timer_service> {
 public:
  /// What it uses of the runtime, which outlives it.
  struct surroundings {
    persistence::journal& journal;
    actors::background& pool;
    actors::worker_pool& workers;
    clock const& time;
    log_sink log;
    std::function<bool()> may_fire;  ///< commands are taken
    /// Takes a timer to its aggregate. The end is told once, perhaps at once. not_found: it is not set any more.
    std::function<void(timer_place const&, std::move_only_function<void(command_result)>)> fire;
  };
  timer_service(surroundings with, timer_options how);

  /// Begins to fire.
  void start();
  /// Nothing is fired any more; what is in flight ends by itself.
  void stop();

  void committed(std::span<persistence::append* const> group) noexcept override;

  /// Adds what is known of failures to timers that were read.
  void describe(std::vector<std::pair<timer_place, pending_timer>>& timers) const;

  struct reading {
    std::uint64_t fired = 0;  ///< since the start, once in effect each
    std::size_t failing = 0;
    std::size_t near = 0;
    std::chrono::nanoseconds lag{};
  };
  [[nodiscard]] reading read() const;

 private:
  void go_on();
  void ended(timer_place const& at, command_result end);
  void read_page(timer_agenda::page wanted);
  void wake_after(std::chrono::nanoseconds pause);
  void say(log_level level, std::string const& line) const {
    if (with_.log) with_.log(level, line);
  }
  [[nodiscard]] std::string place(timer_place const& at) const;

  surroundings const with_;
  boost::asio::steady_timer timer_;  ///< used on worker 0 only
  std::atomic<bool> stopped_{false};
  std::atomic<std::uint64_t> fired_{0};

  mutable std::mutex guard_;  ///< of what follows; never held while something is fired, read or logged
  timer_agenda agenda_;
  bool going_on_ = false;  ///< one thread at a time hands out timers, so that they leave in order
  bool once_more_ = false;
  std::chrono::nanoseconds wake_at_;  ///< steady; when worker 0 will look
  std::set<std::string> complaints_;  ///< said already: one line a kind of trouble, not one a timer
};

}  // namespace evoke::detail
