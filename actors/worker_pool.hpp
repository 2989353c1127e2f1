#pragma once

#include <atomic>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>

namespace evoke::actors {

/// The threads that run everything: actors, HTTP sessions, completions. Each worker is one thread with an io_context of its own and a queue
/// of jobs (actors that have messages). A job goes to the queue of the worker that made it runnable, so a command travels from socket to
/// actor without waking a thread; a worker without work takes jobs from the others, so none waits behind a slow one.
///
/// The threads themselves belong to whoever runs `next_job` in a loop: CAF's scheduler (asio_policy.hpp).
class worker_pool {
 public:
  /// What waits in a queue. Opaque here: CAF's resumable.
  using job = void*;

  explicit worker_pool(std::size_t workers);
  worker_pool(worker_pool const&) = delete;
  worker_pool& operator=(worker_pool const&) = delete;
  ~worker_pool();

  [[nodiscard]] std::size_t size() const noexcept { return workers_.size(); }
  [[nodiscard]] boost::asio::io_context& context(std::size_t worker) noexcept;

  /// The worker whose thread this is, if it is one of this pool's.
  [[nodiscard]] std::optional<std::size_t> current() const noexcept;
  /// The current worker, or for other threads the next in turn.
  [[nodiscard]] std::size_t here_or_next() noexcept;

  /// Runs `task` on a worker's thread, soon. Any thread.
  void post(std::size_t worker, std::move_only_function<void()> task);

  // -- for the scheduler
  /// Makes this thread worker `index`.
  void enter(std::size_t index) noexcept;
  /// A job became runnable. Any thread.
  void push(job runnable);
  /// A job for this worker and, when it is taken, for no other (used to end a worker).
  void push_to(std::size_t worker, job runnable);
  /// The next job for the current worker; runs its io_context while there is none.
  [[nodiscard]] job next_job(std::size_t self);
  /// Runs what was posted and not run yet, on this thread, so that every answer is given. Only when no worker runs any more.
  void run_remaining();
  /// Takes out what was never run. Only when no worker runs any more.
  [[nodiscard]] std::vector<job> take_remaining();

 private:
  struct lane;

  job pop(lane& from) noexcept;
  job steal(std::size_t self) noexcept;
  void wake_an_idle_one(std::size_t except) noexcept;
  void idle(lane& self, std::size_t index);

  std::vector<std::unique_ptr<lane>> workers_;
  std::atomic<std::size_t> next_{0};
  std::atomic<std::size_t> idle_{0};
};

}  // namespace evoke::actors
