#include <atomic>
#include <future>
#include <string>
#include <thread>
#include <vector>

#include "tests/runtime/view_world.hpp"

using namespace evoke;
using namespace evoke::tests;
using namespace ledgers;

TEST_CASE("A reader with the position of its write sees it", "[projections]") {
  auto const rt = start(in_memory(), types_with_views());
  auto at = make_ledger(*rt, "l-1");
  auto const opened = rt->view<ledger_view>().find("l-1", {at, kPatience});
  REQUIRE(opened);
  CHECK(opened->document.owner == "ann");
  CHECK(opened->changed == at);
  CHECK(opened->checkpoint >= at);
  at = put_in(*rt, "l-1", 5, 3);
  auto const booked = rt->view<ledger_view>().find("l-1", {at, kPatience});
  REQUIRE(booked);
  CHECK(booked->document.sum == 15);
  CHECK(booked->document.bookings == 3);
  CHECK_FALSE(booked->stale);
}

TEST_CASE("Readers that bring their positions never see less than they wrote, under load", "[projections]") {
  auto const rt = start(in_memory(), types_with_views());
  std::atomic<std::uint64_t> wrong{0};
  std::vector<std::thread> writers;
  for (int writer = 0; writer < 4; ++writer) {
    writers.emplace_back([&, writer] {
      auto const id = "l-" + std::to_string(writer);
      auto const opened = rt->of<ledger>(id).execute(ledgers::open_ledger{"ann"}).get();
      if (!opened.accepted()) ++wrong;
      for (std::int64_t i = 1; i <= 300; ++i) {
        auto const end = rt->of<ledger>(id).execute(ledgers::book{1, 1}).get();
        auto const seen = rt->view<ledger_view>().find(id, {end.reply().position, kPatience});
        if (!seen || seen->document.sum < i || seen->checkpoint < end.reply().position) ++wrong;
      }
    });
  }
  for (auto& each : writers) each.join();
  CHECK(wrong == 0);
}

TEST_CASE("A slow projection holds up no other and no command", "[projections]") {
  auto const rt = start(in_memory(), types_with_views());
  no_mischief const clean;  // ends before the runtime, which waits for its projections
  need(rt->wait_for("slow", make_ledger(*rt, "l-1"), kPatience));
  doing().hold = true;
  auto at = put_in(*rt, "l-1", 1);
  for (int i = 0; i < 50; ++i) at = put_in(*rt, "l-1", 1);
  auto const seen = rt->view<ledger_view>().find("l-1", {at, kPatience});
  REQUIRE(seen);
  CHECK(seen->document.sum == 51);
  // The slow one still answers from where it is, and says what it lags.
  auto const stale = need(rt->find({"slow", "l-1", {at, 0ms, true}}));
  CHECK(stale.stale);
  CHECK(stale.json == R"({"bookings":0})");
  auto const now = need(rt->projection("slow"));
  CHECK(now.lag_events >= 51);
  CHECK(now.checkpoint < at);
  no_mischief::release();
  need(rt->wait_for("slow", at, kPatience));
  CHECK(need(rt->find({"slow", "l-1", {}})).json == R"({"bookings":51})");
}

TEST_CASE("At the head events gather between two batches, unless somebody waits for them", "[projections]") {
  auto options = in_memory();
  options.projections.rest = 1h;
  auto const rt = start(std::move(options), types_with_views());
  auto const first = make_ledger(*rt, "l-1");
  need(rt->wait_for("ledgers", first, kPatience));
  auto const second = put_in(*rt, "l-1", 1);
  CHECK(need(rt->projection("ledgers")).checkpoint == first);
  need(rt->wait_for("ledgers", second, kPatience));
  CHECK(need(rt->projection("ledgers")).checkpoint == second);
}

TEST_CASE("Who waits for too long hears how far it is, or gets what there is when that will do", "[projections]") {
  auto const rt = start(in_memory(), types_with_views());
  no_mischief const clean;  // ends before the runtime, which waits for its projections
  auto const first = make_ledger(*rt, "l-1");
  need(rt->wait_for("slow", first, kPatience));
  doing().hold = true;
  auto const at = put_in(*rt, "l-1", 1);
  auto const late = rt->find({"slow", "l-1", {at, 20ms}}).get();
  REQUIRE_FALSE(late);
  CHECK(late.error().code == errc::projection_lagging);
  CHECK(late.error().lag == projection_distance{first.value(), at.value()});
  CHECK(rt->wait_for("slow", at, 1ms).get().error().code == errc::projection_lagging);
  CHECK(rt->query({.projection = "slow", .after = {at, 1ms}}).get().error().code == errc::projection_lagging);
  auto const stale = need(rt->find({"slow", "l-1", {at, 20ms, true}}));
  CHECK(stale.stale);
  CHECK(stale.checkpoint == first);
  auto const page = need(rt->query({.projection = "slow", .after = {at, 1ms, true}}));
  CHECK(page.stale);
}

TEST_CASE("More readers than may wait for a projection are refused", "[projections]") {
  auto options = in_memory();
  options.limits.max_waiting_reads = 2;
  auto const rt = start(options, types_with_views());
  no_mischief const clean;  // ends before the runtime, which waits for its projections
  need(rt->wait_for("slow", make_ledger(*rt, "l-1"), kPatience));
  doing().hold = true;
  auto const at = put_in(*rt, "l-1", 1);
  auto first = rt->wait_for("slow", at, kPatience);
  auto second = rt->wait_for("slow", at, kPatience);
  CHECK(rt->wait_for("slow", at, kPatience).get().error().code == errc::overloaded);
  no_mischief::release();
  need(std::move(first));
  need(std::move(second));
}

TEST_CASE("A position beyond the head is refused", "[projections]") {
  auto const rt = start(in_memory(), types_with_views());
  make_ledger(*rt, "l-1");
  CHECK(rt->find({"ledgers", "l-1", {position{2}, 10ms}}).get().error().code == errc::invalid_argument);
  CHECK(rt->wait_for("ledgers", position{2}, 10ms).get().error().code == errc::invalid_argument);
}

TEST_CASE("What is not there is said to be not there", "[projections]") {
  auto const rt = start(in_memory(), types_with_views());
  auto const at = make_ledger(*rt, "l-1");
  CHECK(rt->find({"ledgers", "nobody", {at, kPatience}}).get().error().code == errc::not_found);
  auto const none = errc::unknown_projection;
  CHECK(rt->find({"none", "x", {}}).get().error().code == none);
  CHECK(rt->query({.projection = "none"}).get().error().code == none);
  CHECK(rt->changes({.projection = "none"}).get().error().code == none);
  CHECK(rt->projection("none").get().error().code == none);
  CHECK(rt->pause_projection("none").get().error().code == none);
  CHECK(rt->resume_projection("none").get().error().code == none);
  CHECK(rt->rebuild_projection("none").get().error().code == none);
  CHECK(rt->dead_letters("none", 0, 10).get().error().code == none);
  CHECK(rt->retry_dead_letter("none", 1, false).get().error().code == none);
  CHECK(rt->skip_dead_letter("none", 1).get().error().code == none);
  CHECK(rt->wait_for("none", at, 1ms).get().error().code == none);
  auto const plain = start(in_memory());
  CHECK(plain->view<ledger_view>().find("x").error().code == none);
  CHECK(need(plain->projections()).empty());
}

TEST_CASE("Paused, it says so at once to those who wait for it, and goes on when it is resumed", "[projections]") {
  auto const rt = start(in_memory(), types_with_views());
  auto const first = make_ledger(*rt, "l-1");
  need(rt->wait_for("ledgers", first, kPatience));
  need(rt->pause_projection("ledgers"));
  auto const at = put_in(*rt, "l-1", 5);
  auto const refused = rt->find({"ledgers", "l-1", {at, kPatience}}).get();
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == errc::projection_blocked);
  CHECK(refused.error().lag == projection_distance{first.value(), at.value()});
  CHECK(need(rt->find({"ledgers", "l-1", {at, kPatience, true}})).stale);
  auto const status = need(rt->projection("ledgers"));
  CHECK(status.phase == projection_phase::paused);
  CHECK(status.lag_events == 1);
  CHECK(status.head == at);
  need(rt->resume_projection("ledgers"));
  CHECK(rt->view<ledger_view>().find("l-1", {at, kPatience})->document.sum == 5);
}

TEST_CASE("Whoever waits when it is paused hears of it then", "[projections]") {
  auto const rt = start(in_memory(), types_with_views());
  no_mischief const clean;  // ends before the runtime, which waits for its projections
  need(rt->wait_for("slow", make_ledger(*rt, "l-1"), kPatience));
  doing().hold = true;
  put_in(*rt, "l-1", 1);
  auto const at = put_in(*rt, "l-1", 1);
  auto waiting = rt->wait_for("slow", at, kPatience);
  auto paused = rt->pause_projection("slow");
  no_mischief::release();
  need(std::move(paused));
  // Both events may have been one batch: then it was passed before it was paused.
  auto const end = waiting.get();
  if (!end) CHECK(end.error().code == errc::projection_blocked);
}

TEST_CASE("A poison event blocks its own aggregate's readers and no others, until it is retried", "[projections]") {
  auto options = in_memory();
  options.projections.first_retry_delay = 1ms;
  auto const rt = start(options, types_with_views());
  no_mischief const clean;  // ends before the runtime, which waits for its projections
  make_ledger(*rt, "bad");
  make_ledger(*rt, "good");
  doing().poison = 13;
  auto const before = put_in(*rt, "bad", 1);
  auto const poison = put_in(*rt, "bad", 13);
  auto const behind = put_in(*rt, "bad", 2);
  auto const other = put_in(*rt, "good", 4);
  CHECK(rt->view<ledger_view>().find("good", {other, kPatience})->document.sum == 4);
  CHECK(rt->view<ledger_view>().find("bad", {before, kPatience})->document.sum == 1);
  auto const blocked = rt->find({"ledgers", "bad", {behind, kPatience}}).get();
  REQUIRE_FALSE(blocked);
  CHECK(blocked.error().code == errc::projection_blocked);
  CHECK(rt->wait_for("ledgers", poison, kPatience).get().error().code == errc::projection_blocked);
  CHECK(need(rt->find({"ledgers", "bad", {behind, kPatience, true}})).stale);
  // Without a position there is nothing that was promised.
  CHECK(rt->view<ledger_view>().find("bad")->document.sum == 1);

  auto const page = need(rt->dead_letters("ledgers", 0, 10));
  REQUIRE(page.letters.size() == 2);
  CHECK_FALSE(page.next);
  CHECK(page.letters[0].number == poison.value());
  CHECK(page.letters[0].first);
  CHECK(page.letters[0].attempts == 3);
  CHECK(page.letters[0].error == "poisoned");
  CHECK(page.letters[0].aggregate_id == "bad");
  CHECK(page.letters[0].event_type == "booked");
  CHECK(page.letters[0].version == version{3});
  CHECK(page.letters[1].number == behind.value());
  CHECK_FALSE(page.letters[1].first);
  auto const paged = need(rt->dead_letters("ledgers", 0, 1));
  REQUIRE(paged.next);
  CHECK(need(rt->dead_letters("ledgers", *paged.next, 1)).letters.at(0).number == behind.value());
  auto const status = need(rt->projection("ledgers"));
  CHECK(status.dead_letters == 2);
  CHECK(status.blocked_aggregates == 1);
  CHECK(status.phase == projection_phase::live);

  CHECK(rt->retry_dead_letter("ledgers", behind.value(), false).get().error().code == errc::invalid_argument);
  auto const again = need(rt->retry_dead_letter("ledgers", poison.value(), false));
  CHECK(again.handled == 0);
  CHECK(again.error == "poisoned");
  doing().poison = 0;
  auto const row = need(rt->retry_dead_letter("ledgers", poison.value(), true));
  CHECK(row.handled == 2);
  CHECK(row.left == 0);
  CHECK(rt->view<ledger_view>().find("bad", {behind, kPatience})->document.sum == 16);
  CHECK(need(rt->dead_letters("ledgers", 0, 10)).letters.empty());
}

TEST_CASE("A skipped event is given up; its aggregate goes on", "[projections]") {
  auto options = in_memory();
  options.projections.first_retry_delay = 1ms;
  auto const rt = start(options, types_with_views());
  no_mischief const clean;  // ends before the runtime, which waits for its projections
  make_ledger(*rt, "bad");
  doing().poison = 13;
  auto const poison = put_in(*rt, "bad", 13);
  CHECK(rt->wait_for("ledgers", poison, kPatience).get().error().code == errc::projection_blocked);
  CHECK(need(rt->skip_dead_letter("ledgers", poison.value())).left == 0);
  auto const at = put_in(*rt, "bad", 2);
  CHECK(rt->view<ledger_view>().find("bad", {at, kPatience})->document.sum == 2);
}

TEST_CASE("A projection with free keys stops at an event that it cannot handle, and says why", "[projections]") {
  auto options = in_memory();
  options.projections.first_retry_delay = 1ms;
  auto const rt = start(options, types_with_views());
  need(rt->wait_for("owners", make_ledger(*rt, "l-1"), kPatience));
  auto const at = make_ledger(*rt, "l-2", "nobody");
  auto const refused = rt->wait_for("owners", at, kPatience).get();
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == errc::projection_blocked);
  CHECK(refused.error().message.find("nobody owns this") != std::string::npos);
  auto const status = need(rt->projection("owners"));
  CHECK(status.phase == projection_phase::stopped);
  CHECK(status.reason == "event 2 cannot be handled: nobody owns this");
  CHECK(need(rt->find({"owners", "ann", {}})).json == R"({"ledgers":1})");
  CHECK(need(rt->projections()).size() == 3);
}

TEST_CASE("A rebuild under load: no reader sees less than before, and the outcome is the same", "[projections]") {
  auto const rt = start(in_memory(), types_with_views());
  constexpr int kLedgers = 20;
  for (int i = 0; i < kLedgers; ++i) make_ledger(*rt, "l-" + std::to_string(i));
  for (int i = 0; i < 400; ++i) put_in(*rt, "l-" + std::to_string(i % kLedgers), 1, 10);
  need(rt->wait_for("ledgers", rt->info().head, kPatience));
  auto const before = need(rt->projection("ledgers")).generation;
  std::atomic<bool> done{false};
  std::atomic<std::uint64_t> wrong{0};
  std::thread writer([&] {
    while (!done) static_cast<void>(rt->of<ledger>("l-0").execute(ledgers::book{1, 1}).get());
  });
  std::thread reader([&] {
    position checkpoint{};
    while (!done) {
      auto const page = rt->view<ledger_view>().by_key().limit(100).get();
      if (!page || page->documents.size() != kLedgers) {
        ++wrong;
        continue;
      }
      for (auto const& each : page->documents)
        if (each.document.bookings < 200 || each.checkpoint < checkpoint) ++wrong;
      checkpoint = page->documents[0].checkpoint;
    }
  });
  for (int i = 0; i < 5; ++i) {
    auto const generation = need(rt->projection("ledgers")).generation;
    need(rt->rebuild_projection("ledgers"));
    wait_until(*rt, "ledgers", [&](projection_status const& now) { return now.generation > generation && !now.rebuild; });
  }
  done = true;
  writer.join();
  reader.join();
  CHECK(wrong == 0);
  CHECK(need(rt->projection("ledgers")).generation > before);
  for (int i = 0; i < kLedgers; ++i) {
    auto const id = "l-" + std::to_string(i);
    auto const seen = rt->view<ledger_view>().find(id, {rt->info().head, kPatience});
    REQUIRE(seen);
    CHECK(seen->document.sum == rt->of<ledger>(id).get()->sum);
  }
}

TEST_CASE("Read models are there after a restart, and go on from where they were", "[projections]") {
  temporary_directory directory;
  position at{};
  std::uint64_t generation = 0;
  {
    auto const rt = start(on_disk(directory), types_with_views());
    make_ledger(*rt, "l-1");
    at = put_in(*rt, "l-1", 3);
    need(rt->wait_for("ledgers", at, kPatience));
    generation = need(rt->projection("ledgers")).generation;
  }
  auto const rt = start(on_disk(directory), types_with_views());
  auto const status = need(rt->projection("ledgers"));
  CHECK(status.generation == generation);
  CHECK(status.checkpoint == at);
  CHECK(rt->view<ledger_view>().find("l-1")->document.sum == 3);
  at = put_in(*rt, "l-1", 4);
  CHECK(rt->view<ledger_view>().find("l-1", {at, kPatience})->document.sum == 7);
}

TEST_CASE("A rebuild that a restart interrupts is finished after it", "[projections]") {
  no_mischief const clean;
  temporary_directory directory;
  auto options = on_disk(directory);
  options.projections.batch_events = 1;
  std::uint64_t before = 0;
  {
    auto const rt = start(options, types_with_views());
    make_ledger(*rt, "l-1");
    auto const at = put_in(*rt, "l-1", 1, 30);
    need(rt->wait_for("slow", at, kPatience));
    before = need(rt->projection("slow")).generation;
    doing().hold = true;  // the rebuild waits in its first booking
    need(rt->rebuild_projection("slow"));
    wait_until(*rt, "slow", [](projection_status const& now) { return now.rebuild.has_value(); });
    std::thread releasing([&] {
      while (rt->wait_for("slow", at, 1ms).get().has_value()) std::this_thread::yield();
      no_mischief::release();  // it stops now
    });
    rt->stop(10s);
    releasing.join();
  }
  auto const rt = start(options, types_with_views());
  wait_until(*rt, "slow", [&](projection_status const& now) { return now.generation > before && !now.rebuild; });
  CHECK(need(rt->find({"slow", "l-1", {}})).json == R"({"bookings":30})");
}

TEST_CASE("Whoever waits when the runtime stops is told so", "[projections]") {
  auto const rt = start(in_memory(), types_with_views());
  no_mischief const clean;  // ends before the runtime, which waits for its projections
  need(rt->wait_for("slow", make_ledger(*rt, "l-1"), kPatience));
  need(rt->pause_projection("slow"));
  need(rt->resume_projection("slow"));
  doing().hold = true;
  auto const at = put_in(*rt, "l-1", 1);
  auto waiting = rt->find({"slow", "l-1", {at, kPatience}});
  need(rt->wait_for("ledgers", at, kPatience));  // nothing that could still change it
  auto following = rt->changes({.projection = "ledgers", .wait = kPatience});
  std::thread releasing([&] {
    following.wait();  // answered while the slow one is still held
    no_mischief::release();
  });
  rt->stop(20s);
  releasing.join();
  CHECK(following.get().error().code == errc::draining);
  auto const end = waiting.get();
  if (!end) CHECK(end.error().code == errc::draining);
}

TEST_CASE("A registry whose projections follow what is not there does not start", "[projections]") {
  registry types;
  REQUIRE(types.add(define_projection<ledger_view>()));
  auto const started = runtime::start(std::move(types), in_memory());
  REQUIRE_FALSE(started);
  CHECK(started.error().code == errc::invalid_argument);
}

TEST_CASE("A runtime may be stopped on another thread than the one that started it", "[projections]") {
  auto const rt = start(in_memory(), types_with_views());
  make_ledger(*rt, "l-1");
  std::thread([&] {
    make_ledger(*rt, "l-2");
    rt->stop(20s);
  }).join();
  CHECK(rt->health().draining);
}
