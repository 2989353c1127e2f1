#include "actors/worker_pool.hpp"

#include <boost/asio/post.hpp>

#include "model/thread_name.hpp"

namespace evoke::actors {
namespace {

struct seat {
  worker_pool const* pool = nullptr;
  std::size_t index = 0;
};
// A thread belongs to at most one pool; several pools live side by side.
thread_local seat here;

// Every so many jobs the io_context gets a turn, so that actors that keep each other busy do not starve the sockets.
constexpr unsigned jobs_per_poll = 16;

}  // namespace

struct worker_pool::lane {
  // Concurrency hint 1: one thread runs it, others only post.
  boost::asio::io_context context{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> guard{context.get_executor()};
  std::mutex mutex;
  std::deque<job> jobs;
  std::atomic<std::size_t> waiting{0};  // = jobs.size(), readable without the lock
  std::atomic<bool> asleep{false};
  std::atomic<bool> in_job{false};  // a job runs now, perhaps for long
  unsigned since_poll = 0;

  // Another worker may help: more waits than the next step, or the next step waits behind a job that runs.
  [[nodiscard]] bool shares() const noexcept {
    auto const queued = waiting.load(std::memory_order_seq_cst);
    return queued > 1 || (queued > 0 && in_job.load(std::memory_order_seq_cst));
  }
};

worker_pool::worker_pool(std::size_t workers) {
  workers_.reserve(workers);
  for (std::size_t i = 0; i < workers; ++i) workers_.push_back(std::make_unique<lane>());
}

worker_pool::~worker_pool() = default;

boost::asio::io_context& worker_pool::context(std::size_t worker) noexcept {
  return workers_[worker]->context;
}

std::optional<std::size_t> worker_pool::current() const noexcept {
  if (here.pool != this) return std::nullopt;
  return here.index;
}

std::size_t worker_pool::here_or_next() noexcept {
  if (here.pool == this) return here.index;
  return next_.fetch_add(1, std::memory_order_relaxed) % workers_.size();
}

void worker_pool::post(std::size_t worker, std::move_only_function<void()> task) {
  boost::asio::post(workers_[worker]->context, std::move(task));
}

void worker_pool::enter(std::size_t index) noexcept {
  here = {this, index};
  detail::name_this_thread("evoke-worker-" + std::to_string(index));
}

void worker_pool::push(job runnable) {
  if (here.pool == this) {
    auto& own = *workers_[here.index];
    {
      std::lock_guard const lock(own.mutex);
      own.jobs.push_back(runnable);
      own.waiting.store(own.jobs.size(), std::memory_order_seq_cst);
    }
    if (idle_.load(std::memory_order_seq_cst) > 0 && own.shares()) wake_an_idle_one(here.index);
    return;
  }
  auto const turn = next_.fetch_add(1, std::memory_order_relaxed);
  for (std::size_t step = 0; step < workers_.size(); ++step) {
    auto const candidate = (turn + step) % workers_.size();
    if (workers_[candidate]->asleep.load(std::memory_order_relaxed)) return push_to(candidate, runnable);
  }
  push_to(turn % workers_.size(), runnable);
}

void worker_pool::push_to(std::size_t worker, job runnable) {
  auto& to = *workers_[worker];
  {
    std::lock_guard const lock(to.mutex);
    to.jobs.push_back(runnable);
    to.waiting.store(to.jobs.size(), std::memory_order_seq_cst);
  }
  if (to.asleep.load(std::memory_order_seq_cst) && to.asleep.exchange(false)) boost::asio::post(to.context, [] {});
}

worker_pool::job worker_pool::pop(lane& from) noexcept {
  if (from.waiting.load(std::memory_order_relaxed) == 0) return nullptr;
  std::lock_guard const lock(from.mutex);
  if (from.jobs.empty()) return nullptr;
  auto* const taken = from.jobs.front();
  from.jobs.pop_front();
  from.waiting.store(from.jobs.size(), std::memory_order_seq_cst);
  return taken;
}

worker_pool::job worker_pool::steal(std::size_t self) noexcept {
  for (std::size_t step = 1; step < workers_.size(); ++step)
    if (auto& other = *workers_[(self + step) % workers_.size()]; other.shares())
      if (auto* const taken = pop(other)) return taken;
  return nullptr;
}

void worker_pool::wake_an_idle_one(std::size_t except) noexcept {
  for (std::size_t i = 0; i < workers_.size(); ++i) {
    if (i == except) continue;
    auto& each = *workers_[i];
    if (each.asleep.load(std::memory_order_relaxed) && each.asleep.exchange(false)) {
      boost::asio::post(each.context, [] {});
      return;
    }
  }
}

worker_pool::job worker_pool::next_job(std::size_t index) {
  auto& self = *workers_[index];
  self.in_job.store(false, std::memory_order_seq_cst);
  auto const begin = [&](job taken) {
    self.in_job.store(true, std::memory_order_seq_cst);
    if (idle_.load(std::memory_order_seq_cst) > 0 && self.shares()) wake_an_idle_one(index);
    return taken;
  };
  for (;;) {
    if (++self.since_poll >= jobs_per_poll) {
      self.since_poll = 0;
      self.context.poll_one();
    }
    if (auto* const own = pop(self)) return begin(own);
    self.since_poll = 0;
    // One handler, then the jobs it made: a request goes on to its actor while it is still in the cache.
    if (self.context.poll_one() > 0) continue;
    if (auto* const other = steal(index)) return begin(other);
    idle(self, index);
  }
}

void worker_pool::idle(lane& self, std::size_t index) {
  self.asleep.store(true, std::memory_order_seq_cst);
  idle_.fetch_add(1, std::memory_order_seq_cst);
  // Whoever pushed or began a job before it could see this worker asleep is seen here; whoever comes later sees it and posts.
  bool work = self.waiting.load(std::memory_order_seq_cst) > 0;
  for (std::size_t i = 0; !work && i < workers_.size(); ++i) work = i != index && workers_[i]->shares();
  if (!work) self.context.run_one();
  idle_.fetch_sub(1, std::memory_order_seq_cst);
  self.asleep.store(false, std::memory_order_seq_cst);
}

void worker_pool::run_remaining() {
  for (bool ran = true; ran;) {
    ran = false;
    for (auto& each : workers_) {
      each->guard.reset();
      each->context.restart();
      ran = each->context.poll() > 0 || ran;
    }
  }
}

std::vector<worker_pool::job> worker_pool::take_remaining() {
  std::vector<job> remaining;
  for (auto& each : workers_) {
    remaining.insert(remaining.end(), each->jobs.begin(), each->jobs.end());
    each->jobs.clear();
    each->waiting = 0;
  }
  return remaining;
}

}  // namespace evoke::actors
