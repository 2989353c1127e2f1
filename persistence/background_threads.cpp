#include "persistence/background_threads.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <utility>

namespace evoke::persistence {

namespace {
constexpr int kNice = 10;  // behind everything that answers somebody
}

background_threads::background_threads(rocksdb::Env* files) : rocksdb::EnvWrapper(files) {
  for (auto& each : lanes_) each.thread = std::thread([&each] { run(each); });
}

background_threads::~background_threads() {
  for (auto& each : lanes_) {
    {
      std::lock_guard const lock(each.mutex);
      each.stopping = true;
    }
    each.work.notify_one();
    each.thread.join();
  }
}

void background_threads::Schedule(void (*function)(void*), void* argument, Priority priority, void* tag, void (*dropped)(void*)) {
  auto& here = of(priority);
  {
    std::lock_guard const lock(here.mutex);
    here.waiting.push_back({function, argument, tag, dropped});
  }
  here.work.notify_one();
}

int background_threads::UnSchedule(void* tag, Priority priority) {
  std::deque<job> taken;
  auto& here = of(priority);
  {
    std::lock_guard const lock(here.mutex);
    std::deque<job> left;
    for (auto& each : here.waiting) (each.tag == tag ? taken : left).push_back(each);
    here.waiting = std::move(left);
  }
  for (auto const& each : taken)
    if (each.dropped != nullptr) each.dropped(each.argument);
  return static_cast<int>(taken.size());
}

unsigned int background_threads::GetThreadPoolQueueLen(Priority priority) const {
  auto const& here = of(priority);
  std::lock_guard const lock(here.mutex);
  return static_cast<unsigned int>(here.waiting.size());
}

void background_threads::run(lane& self) {
  // On Linux a nice value belongs to a thread. Without it the threads work all the same, so a refusal is no error.
  static_cast<void>(::setpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()), kNice));
  for (;;) {
    job next{};
    {
      std::unique_lock lock(self.mutex);
      self.work.wait(lock, [&] { return self.stopping || !self.waiting.empty(); });
      if (self.waiting.empty()) return;
      next = self.waiting.front();
      self.waiting.pop_front();
    }
    next.function(next.argument);
  }
}

}  // namespace evoke::persistence
