#pragma once

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <vector>

#include "actors/services.hpp"

namespace evoke::actors {

/// Threads for what may block on the disk: recoveries, look-ups, snapshots, pages. As many as may run at once; the rest waits in order.
class recovery_pool final : public background {
 public:
  explicit recovery_pool(std::uint32_t threads);
  ~recovery_pool() override;

  void submit(std::move_only_function<void()> task) override;
  /// For reads from outside, which unlike accepted commands may be refused. False when `most` tasks wait already.
  [[nodiscard]] bool try_submit(std::move_only_function<void()> task, std::size_t most);
  /// Runs what waits, then ends the threads. Later submissions are dropped.
  void stop();

 private:
  void run();

  std::mutex mutex_;
  std::condition_variable work_;
  std::deque<std::move_only_function<void()>> waiting_;
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace evoke::actors
