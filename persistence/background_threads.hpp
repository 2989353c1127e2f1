#pragma once

#include <rocksdb/env.h>

#include <array>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

namespace evoke::persistence {

/// An engine environment whose background work runs on threads of its own, at low priority: one that flushes, one that compacts. With the
/// default environment all databases of a process share these threads, and a flush of the journal could wait behind a throttled one of the
/// read models.
class background_threads final : public rocksdb::EnvWrapper {
 public:
  /// Files are those of `files`, which must outlive this.
  explicit background_threads(rocksdb::Env* files);
  ~background_threads() override;

  void Schedule(void (*function)(void*), void* argument, Priority priority, void* tag, void (*dropped)(void*)) override;
  int UnSchedule(void* tag, Priority priority) override;
  unsigned int GetThreadPoolQueueLen(Priority priority) const override;
  void SetBackgroundThreads(int, Priority) override {}
  int GetBackgroundThreads(Priority) override { return 1; }
  void IncBackgroundThreadsIfNeeded(int, Priority) override {}
  int ReserveThreads(int, Priority) override { return 0; }
  int ReleaseThreads(int, Priority) override { return 0; }

 private:
  struct job {
    void (*function)(void*);
    void* argument;
    void* tag;
    void (*dropped)(void*);
  };
  struct lane {
    mutable std::mutex mutex;
    std::condition_variable work;
    std::deque<job> waiting;
    bool stopping = false;
    std::thread thread;
  };
  static void run(lane& self);
  [[nodiscard]] lane& of(Priority priority) { return lanes_[priority == HIGH ? 0 : 1]; }
  [[nodiscard]] lane const& of(Priority priority) const { return lanes_[priority == HIGH ? 0 : 1]; }

  std::array<lane, 2> lanes_;
};

}  // namespace evoke::persistence
