#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>

#include "actors/journal_events.hpp"
#include "actors/position_waiters.hpp"
#include "actors/projection_life.hpp"

namespace evoke::actors {

/// Calls back at a time. Any thread.
class deadline_port {
 public:
  virtual ~deadline_port() = default;
  /// Once, on any thread, at `when` or soon after; never when the port goes before.
  virtual void call_at(std::chrono::steady_clock::time_point when, std::function<void()> what) = 0;
};

/// All that projections use of the world. Outlives them.
struct projection_world {
  persistence::journal const& journal;
  persistence::log_feed* feed;
  persistence::read_models& store;
  clock const& time;
  deadline_port& deadlines;
  step_settings settings;
  std::chrono::milliseconds rest{};  ///< from one batch at the head to the next, unless somebody waits
  double duty = 1;                   ///< part of the time that catching up may take while `busy` says so
  std::function<bool()> busy{};      ///< whether somebody waits for commands
  log_sink log{};
};

/// A projection as an actor: one thread of its own, because project() is the user's code and may be slow, and a mailbox. Nobody ever waits
/// for the thread: what others want to know is published after each batch.
class projection_actor {
 public:
  projection_actor(projection_definition const& definition, projection_world const& world);
  ~projection_actor() { stop(); }
  projection_actor(projection_actor const&) = delete;
  projection_actor& operator=(projection_actor const&) = delete;

  /// Finds out what is stored and starts the thread.
  [[nodiscard]] result<void> start();
  /// Handles what is in the mailbox, flushes and ends the thread. Everybody who waits is refused.
  void stop();

  /// @returns what is to be called when others can see what it did: the answer.
  using message = std::move_only_function<std::move_only_function<void()>(projection_life&)>;
  /// Handled on the actor's thread, between two batches. False, and `what` is left alone, when it has stopped.
  [[nodiscard]] bool tell(message& what);

  [[nodiscard]] projection_definition const& definition() const noexcept { return definition_; }

  /// What is answered from, and where it stood when that was published.
  struct moment {
    std::shared_ptr<persistence::generation> store{};  ///< nullptr = nothing yet
    position checkpoint{};
    std::uint64_t changes = 0;  ///< a count of documents changed, since some beginning
    projection_phase phase{};
    std::uint64_t blocked = 0;  ///< aggregates that have dead letters
  };
  [[nodiscard]] moment now() const;
  /// As of the last batch; the head is of now.
  [[nodiscard]] projection_status status() const;

  using time = position_waiters::time;
  /// Answers when everything up to `at` is handled (and visible to readers), at the deadline, or, refused, as soon as it will not come to
  /// that without a person: paused, stopped, or the actor ends.
  void when_passed(position at, time deadline, position_waiters::answer done);
  /// How many wait in either way.
  [[nodiscard]] std::size_t waiting() const { return passing_->size() + changing_->size(); }
  /// Answers when the count of changes is not that of `seen` any more, or another generation is live than then.
  void when_changed(moment const& seen, time deadline, position_waiters::answer done);

 private:
  void run();
  void wake();
  /// Ends a rest: somebody waits.
  void hurry();
  void publish();
  [[nodiscard]] bool stands_still() const;
  void watch(std::shared_ptr<position_waiters> const& waiters, time deadline);

  projection_definition const& definition_;
  projection_world const& world_;
  projection_life life_;

  mutable std::mutex state_guard_;
  moment moment_;
  projection_status status_;
  bool ended_ = false;
  std::shared_ptr<position_waiters> passing_ = std::make_shared<position_waiters>();
  std::shared_ptr<position_waiters> changing_ = std::make_shared<position_waiters>();

  std::mutex mutex_;
  std::condition_variable something_;
  std::deque<message> mailbox_;
  bool woken_ = false;
  bool stopping_ = false;
  bool closed_ = false;
  std::thread thread_;
};

}  // namespace evoke::actors
