#include "actors/worker_pool.hpp"

#include <atomic>
#include <catch2/catch.hpp>
#include <future>
#include <latch>
#include <thread>

using evoke::actors::worker_pool;

namespace {

/// Threads that run a pool's jobs, each a function, until a null function comes.
class runners {
 public:
  explicit runners(worker_pool& pool) : pool_(pool) {
    for (std::size_t i = 0; i < pool.size(); ++i)
      threads_.emplace_back([this, i] {
        pool_.enter(i);
        for (;;) {
          auto* const job = static_cast<std::function<void()>*>(pool_.next_job(i));
          bool const last = !*job;
          if (!last) (*job)();
          delete job;
          if (last) return;
        }
      });
  }
  ~runners() {
    for (std::size_t i = 0; i < pool_.size(); ++i) {
      pool_.push_to(i, new std::function<void()>());
      // An end may be taken by another worker: that one ends instead, so as many ends as workers suffice.
    }
    for (auto& each : threads_) each.join();
  }
  void push(std::function<void()> job) { pool_.push(new std::function<void()>(std::move(job))); }

 private:
  worker_pool& pool_;
  std::vector<std::thread> threads_;
};

}  // namespace

TEST_CASE("a posted task runs on the worker it was posted to") {
  worker_pool pool(3);
  runners running(pool);
  for (std::size_t i = 0; i < pool.size(); ++i) {
    std::promise<std::optional<std::size_t>> where;
    pool.post(i, [&] { where.set_value(pool.current()); });
    REQUIRE(where.get_future().get() == i);
  }
  REQUIRE_FALSE(pool.current());
}

TEST_CASE("every job that is pushed from outside runs once") {
  worker_pool pool(2);
  std::atomic<int> ran{0};
  {
    runners running(pool);
    std::latch all(10'000);
    for (int i = 0; i < 10'000; ++i)
      running.push([&] {
        ++ran;
        all.count_down();
      });
    all.wait();
  }
  REQUIRE(ran == 10'000);
}

TEST_CASE("a job behind a slow one is taken by an idle worker") {
  worker_pool pool(2);
  runners running(pool);
  for (int round = 0; round < 200; ++round) {
    std::promise<void> second_ran;
    std::promise<void> first_may_end;
    std::promise<void> first_ended;
    running.push([&] {
      // Pushed from a worker: it lands in this worker's own queue, behind this very job.
      running.push([&] { second_ran.set_value(); });
      first_may_end.get_future().wait();
      first_ended.set_value();
    });
    REQUIRE(second_ran.get_future().wait_for(std::chrono::seconds(20)) == std::future_status::ready);
    first_may_end.set_value();
    first_ended.get_future().wait();
  }
}

TEST_CASE("jobs that follow each other without end do not starve posted tasks") {
  worker_pool pool(1);
  runners running(pool);
  std::atomic<bool> stop{false};
  std::promise<void> ended;
  std::function<void()> again = [&] {
    if (stop)
      ended.set_value();
    else
      running.push(again);
  };
  running.push(again);
  std::promise<void> posted;
  pool.post(0, [&] { posted.set_value(); });
  REQUIRE(posted.get_future().wait_for(std::chrono::seconds(20)) == std::future_status::ready);
  stop = true;
  ended.get_future().wait();
}

TEST_CASE("what was posted to workers that have ended runs when the rest is run") {
  worker_pool pool(2);
  bool ran = false;
  pool.post(1, [&] { ran = true; });
  pool.run_remaining();
  REQUIRE(ran);
}
