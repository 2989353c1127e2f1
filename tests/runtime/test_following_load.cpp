#include <atomic>
#include <cstdlib>
#include <mutex>
#include <random>
#include <thread>

#include "tests/runtime/following.hpp"

using namespace evoke;
using namespace evoke::tests;
using namespace ledgers;
using namespace std::chrono_literals;

namespace {

/// How long the writers write. ./dev torture follow gives a minute.
std::chrono::seconds duration() {
  auto const* given = std::getenv("EVOKE_FOLLOW_SECONDS");
  return std::chrono::seconds(given != nullptr ? std::atoi(given) : 3);
}

std::uint64_t seed() {
  auto const* given = std::getenv("EVOKE_SEED");
  return given != nullptr ? std::stoull(given) : std::random_device{}();
}

std::string ledger_name(std::uint64_t number) {
  return "l" + std::to_string(number);
}

/// What a follower saw of what it wanted, over all its connections.
struct diary {
  subscription_request wanted;
  position begin;
  position checkpoint;
  std::vector<std::uint64_t> seen;
};

subscription_request random_wish(std::mt19937_64& random, std::uint64_t aggregates) {
  subscription_request wish;
  wish.max_events = 1 + random() % 700;
  switch (random() % 5) {
    case 0: wish.stream = stream_name{"ledger", ledger_name(random() % aggregates)}; break;
    case 1: wish.filter.event_types = {"ledger_opened"}; break;
    case 2: wish.filter.id_prefix = "l" + std::to_string(random() % 10); break;
    case 3: wish.filter.types = {"ledger"}; break;
    default: break;
  }
  return wish;
}

/// What the journal says that a follower must have seen.
std::vector<std::uint64_t> expected(runtime& rt, diary const& of) {
  std::vector<std::uint64_t> all;
  auto const take = [&](std::vector<recorded_event> const& events) {
    for (auto const& each : events)
      if (each.position > of.begin && each.position <= of.checkpoint) all.push_back(each.position.value());
  };
  if (of.wanted.stream) {
    stream_request ask{of.wanted.stream->type, of.wanted.stream->id, {}, 1'000, direction::forward};
    for (;;) {
      auto const page = rt.read_stream(ask).get();
      if (!page) return all;  // nothing was ever written to it
      take(page->events);
      if (!page->next) return all;
      ask.from = *page->next;
    }
  }
  log_request ask{of.begin, {}, 1'000, of.wanted.filter};
  for (;;) {
    auto const page = rt.read_log(ask).get();
    REQUIRE(page);
    take(page->events);
    if (page->at_end || page->next_after >= of.checkpoint) return all;
    ask.after = page->next_after;
  }
}

/// Connects, stops, resumes and falls behind at random until the writers are done, then catches up.
diary follow(runtime& rt, std::mt19937_64 random, std::uint64_t aggregates, std::atomic<bool> const& written) {
  diary own;
  own.wanted = random_wish(random, aggregates);
  auto const head = rt.info().head.value();
  own.begin = own.checkpoint = position{head == 0 ? 0 : random() % (head + 1)};
  for (;;) {
    auto request = own.wanted;
    request.after = own.checkpoint;
    auto feed = rt.subscribe(request);
    if (!feed) FAIL(feed.error().message);
    for (auto batches = random() % 40; batches > 0; --batches) {
      bool const over = written.load();
      auto batch = feed->next(std::chrono::milliseconds(random() % 30)).get();
      if (!batch) FAIL(batch.error().message);
      for (auto const& each : batch->events) own.seen.push_back(each.position.value());
      own.checkpoint = batch->checkpoint;
      if (over && batch->events.empty() && batch->checkpoint == rt.info().head) return own;
      if (random() % 25 != 0) continue;
      // Falls behind: further than what is kept in memory now and then.
      auto const until = rt.info().head.value() + (random() % 8 == 0 ? 60'000 : 500);
      while (!written.load() && rt.info().head.value() < until) std::this_thread::yield();
    }
  }
}

}  // namespace

TEST_CASE("followers that come, go and lag see every matching event once, in order, while others write") {
  auto const chosen = seed();
  INFO("EVOKE_SEED=" << chosen);
  temporary_directory const directory;
  auto options = on_disk(directory);
  auto const rt = start(options);
  constexpr std::uint64_t aggregates = 1'000;
  constexpr int writers = 8;
  constexpr int followers = 12;
  std::atomic<bool> written{false};
  std::mutex mutex;
  std::vector<diary> diaries;
  open(*rt, ledger_name(0));
  {
    std::vector<std::jthread> following;
    for (int f = 0; f < followers; ++f)
      following.emplace_back([&, f] {
        std::mt19937_64 random(chosen + 1'000 + static_cast<std::uint64_t>(f));
        // A few lives each: followers also begin in the middle.
        do {
          auto own = follow(*rt, random, aggregates, written);
          std::lock_guard const lock(mutex);
          diaries.push_back(std::move(own));
        } while (!written.load());
      });
    std::vector<std::jthread> writing;
    auto const until = std::chrono::steady_clock::now() + duration();
    for (int w = 0; w < writers; ++w)
      writing.emplace_back([&, w] {
        std::mt19937_64 random(chosen + static_cast<std::uint64_t>(w));
        while (std::chrono::steady_clock::now() < until) {
          std::vector<std::future<command_result>> open_commands;
          for (int i = 0; i < 16; ++i) {
            auto const id = ledger_name(random() % aggregates);
            open_commands.push_back(random() % 10 == 0
                                        ? rt->of<ledger>(id).execute(open_ledger{"ann"})
                                        : rt->of<ledger>(id).execute(ledgers::book{1, static_cast<std::int64_t>(1 + random() % 3)}));
          }
          for (auto& each : open_commands) static_cast<void>(each.get());
        }
      });
    writing.clear();
    written = true;
  }
  REQUIRE(diaries.size() >= followers);
  std::uint64_t events = 0;
  for (auto const& each : diaries) {
    REQUIRE(each.seen == expected(*rt, each));
    events += each.seen.size();
  }
  WARN(rt->info().head.value() << " events written, " << diaries.size() << " followers saw " << events);
}
