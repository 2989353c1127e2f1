#pragma once

#include <atomic>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <span>
#include <string_view>
#include <thread>

#include "model/duration_histogram.hpp"
#include "persistence/commit_queue.hpp"
#include "persistence/log_feed.hpp"

namespace evoke::persistence {

/// How long commits take, whole and in the disk's sync, and what they hold.
struct commit_meter {
  duration_histogram commits;
  duration_histogram syncs;  ///< of commits that waited for the disk
  std::atomic<std::uint64_t> events{0};
  std::atomic<std::uint64_t> failures{0};
};

/// The only writer of a journal: one thread that takes what has gathered, commits it with one sync, and tells the workers. While it syncs,
/// the next group gathers; there is no timer in the path. Also forces the journal's mark to disk about once a second.
///
/// A port for those that enqueue, so that tests run the same steps in one thread (inline_writer in tests/).
class commit_port {
 public:
  virtual ~commit_port() = default;
  [[nodiscard]] virtual commit_queue& queue() noexcept = 0;
  /// Something was put into an empty queue.
  virtual void wake() noexcept = 0;
};

/// Hears of every group that changed something, in commit order.
class commit_listener {
 public:
  virtual ~commit_listener() = default;
  /// Called on the writer thread when `group` is durable (its positions are filled), before its commands are answered: take note, never
  /// block.
  virtual void committed(std::span<append* const> group) noexcept = 0;
};

class journal_writer final : public commit_port {
 public:
  /// @param feed hears of every group after those who wait for it; nullptr = nobody follows.
  /// @param on_failed told once, on the writer thread, when the journal is closed for writing.
  journal_writer(journal& store, completion_sink& sink, clock const& time, log_feed* feed, std::function<void(std::string_view)> on_failed,
                 group_limits limits = {});
  ~journal_writer() override;

  /// @param listener must outlive the writer, or be taken back (nullptr) before it goes.
  void tell(commit_listener* listener) noexcept { listener_.store(listener, std::memory_order_release); }

  /// What the writer did so far; any thread may read it.
  [[nodiscard]] commit_meter const& meter() const noexcept { return meter_; }

  [[nodiscard]] commit_queue& queue() noexcept override { return queue_; }
  void wake() noexcept override;

  /// Commits what is queued and ends the thread. Entries that come later are refused with `draining`.
  void stop();

 private:
  void run();
  void commit_group();
  void count(bool stored, std::chrono::nanoseconds took);
  void deliver(commit_queue::finished_group group);

  journal& store_;
  completion_sink& sink_;
  clock const& time_;
  log_feed* feed_;
  std::atomic<commit_listener*> listener_{nullptr};
  std::function<void(std::string_view)> on_failed_;
  commit_queue queue_;
  commit_meter meter_;
  std::mutex mutex_;
  std::condition_variable wake_up_;
  bool awake_ = false;
  bool stopping_ = false;
  bool marked_ = true;  // nothing was committed since the last sync_mark
  std::thread thread_;
};

}  // namespace evoke::persistence
