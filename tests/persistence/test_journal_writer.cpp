#include "persistence/journal_writer.hpp"

#include <atomic>
#include <catch2/catch.hpp>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <vector>

#include "persistence/in_memory_journal.hpp"

using namespace evoke;
using namespace evoke::persistence;

namespace {

/// Calls finish where it is delivered, and counts deliveries.
class counting_sink final : public completion_sink {
 public:
  void deliver(std::size_t, std::vector<commit_entry_ptr> finished, std::optional<failure> why) override {
    ++deliveries;
    for (auto& each : finished) each->finish(why ? &*why : nullptr);
  }
  std::atomic<int> deliveries{0};
};

class counted final : public commit_entry {
 public:
  struct totals {
    std::mutex mutex;
    std::condition_variable changed;
    std::size_t stored = 0;
    std::size_t failed = 0;
    errc last{};
    void wait_for(std::size_t all) {
      std::unique_lock lock(mutex);
      REQUIRE(changed.wait_for(lock, std::chrono::seconds(30), [&] { return stored + failed == all; }));
    }
  };
  counted(totals& sum, name_id type, name_id event, std::string id, std::uint64_t version_before) : sum_(sum) {
    change.type = type;
    change.id = aggregate_id::trusted(std::move(id));
    change.first_version = version{version_before + 1};
    change.time = system_clock().now();
    change.events.push_back({event, 1, "1", {}, {}});
  }
  void finish(failure const* why) noexcept override {
    {
      std::lock_guard const lock(sum_.mutex);
      if (why != nullptr) sum_.last = why->code;
      ++(why != nullptr ? sum_.failed : sum_.stored);
    }
    sum_.changed.notify_all();
  }

 private:
  totals& sum_;
};

}  // namespace

TEST_CASE("everything that many threads enqueue is committed once, in groups") {
  auto const store = make_in_memory_journal();
  auto const type = *store->intern(name_kind::aggregate_type, "t");
  auto const event = *store->intern(name_kind::event_type, "e");
  counting_sink sink;
  counted::totals sum;
  {
    journal_writer writer(*store, sink, system_clock(), nullptr, {});
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t)
      threads.emplace_back([&, t] {
        ticket last = 0;
        for (std::uint64_t i = 0; i < 2'000; ++i) {
          auto const end = writer.queue().enqueue(commit_entry_ptr(new counted(sum, type, event, "s" + std::to_string(t), i)), last);
          last = end.ticket;
          if (end.first) writer.wake();
        }
      });
    for (auto& each : threads) each.join();
    sum.wait_for(8'000);
  }
  REQUIRE(sum.stored == 8'000);
  REQUIRE(store->head() == position{8'000});
  for (int t = 0; t < 4; ++t) REQUIRE(store->head_of({type, "s" + std::to_string(t)})->version == version{2'000});
}

TEST_CASE("stopping the writer commits what is queued and refuses what comes later") {
  auto const store = make_in_memory_journal();
  auto const type = *store->intern(name_kind::aggregate_type, "t");
  auto const event = *store->intern(name_kind::event_type, "e");
  counting_sink sink;
  counted::totals sum;
  journal_writer writer(*store, sink, system_clock(), nullptr, {});
  for (std::uint64_t i = 0; i < 100; ++i) {
    auto const end = writer.queue().enqueue(commit_entry_ptr(new counted(sum, type, event, "s", i)), 0);
    if (end.first) writer.wake();
  }
  writer.stop();
  REQUIRE(sum.stored == 100);
  REQUIRE(writer.queue().enqueue(commit_entry_ptr(new counted(sum, type, event, "s", 100)), 0).end == commit_queue::enqueued::closed);
}

TEST_CASE("a commit that cannot be made ends with its failure and spares the others") {
  auto const store = make_in_memory_journal();
  auto const type = *store->intern(name_kind::aggregate_type, "t");
  auto const event = *store->intern(name_kind::event_type, "e");
  counting_sink sink;
  counted::totals sum;
  journal_writer writer(*store, sink, system_clock(), nullptr, {});
  // Version 5 of a stream that does not exist: a defect of the caller, which the journal refuses without harm.
  if (writer.queue().enqueue(commit_entry_ptr(new counted(sum, type, event, "s", 4)), 0).first) writer.wake();
  sum.wait_for(1);
  REQUIRE(sum.failed == 1);
  REQUIRE(sum.last == errc::recovering);
  if (writer.queue().enqueue(commit_entry_ptr(new counted(sum, type, event, "s", 0)), 0).first) writer.wake();
  sum.wait_for(2);
  REQUIRE(sum.stored == 1);
  REQUIRE(store->head() == position{1});
}
