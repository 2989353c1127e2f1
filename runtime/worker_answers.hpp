#pragma once

#include <atomic>

#include "actors/services.hpp"
#include "actors/worker_pool.hpp"
#include "persistence/commit_entry.hpp"

namespace evoke::detail {

/// Gives answers on the workers that asked: the only way from the writer and the background threads back to callers.
class worker_answers final : public actors::answer_port, public persistence::completion_sink {
 public:
  explicit worker_answers(actors::worker_pool& pool) : pool_(pool) {}

  void run_on(std::size_t worker, std::move_only_function<void()> task) override {
    // When the workers have ended somebody must still hear: the thread that stops the runtime tells them.
    if (ended_.load(std::memory_order_acquire) || pool_.current() == worker) return task();
    pool_.post(worker, std::move(task));
  }

  void deliver(std::size_t worker, std::vector<persistence::commit_entry_ptr> finished, std::optional<failure> why) override {
    run_on(worker, [finished = std::move(finished), why = std::move(why)]() mutable {
      for (auto& each : finished) {
        each->finish(why ? &*why : nullptr);
        each.reset();
      }
    });
  }

  void workers_ended() noexcept { ended_.store(true, std::memory_order_release); }

 private:
  actors::worker_pool& pool_;
  std::atomic<bool> ended_{false};
};

}  // namespace evoke::detail
