#include <atomic>
#include <latch>
#include <thread>
#include <vector>

#include "runtime/runtime_core.hpp"
#include "tests/runtime/runtimes.hpp"

using namespace evoke;
using namespace evoke::tests;
using namespace ledgers;

TEST_CASE("a typed command is decided, stored and answered") {
  auto const rt = start(in_memory());
  auto const end = rt->of<ledger>("l-1").execute(open_ledger{"ann"}).get();
  REQUIRE(end.accepted());
  REQUIRE(end.reply().created);
  REQUIRE(end.reply().version == version{1});
  REQUIRE(end.reply().position == position{1});
  REQUIRE(end.reply().events.at(0).type.str() == "ledger_opened");
  REQUIRE(end.reply().events.at(0).id.version_field() == 8);
  REQUIRE(rt->of<ledger>("l-1").get()->owner == "ann");
}

TEST_CASE("a command by name is the same as the typed one") {
  auto const rt = start(in_memory());
  REQUIRE(rt->execute(request("l-1", "open_ledger", R"({"owner":"ann"})")).get().accepted());
  REQUIRE(rt->execute(request("l-1", "book", R"({"amount":5,"times":2})")).get().reply().events.size() == 2);
  REQUIRE(rt->of<ledger>("l-1").get()->sum == 10);
}

TEST_CASE("what does not fit is refused before any aggregate is asked") {
  auto const rt = start(in_memory());
  auto const code = [&](command_request asked) { return rt->execute(std::move(asked)).get().error().code; };
  REQUIRE(code({"nobody", "x", "book", "{}", {}}) == errc::unknown_type);
  REQUIRE(code(request("x", "dance", "{}")) == errc::unknown_command);
  REQUIRE(code(request("x", "book", "{")) == errc::malformed);
  REQUIRE(code(request("x", "book", R"({"amount":"five","times":1})")) == errc::malformed);
  REQUIRE(code(request("..", "book", R"({"amount":1,"times":1})")) == errc::invalid_argument);
  REQUIRE(code(request(std::string(129, 'x'), "book", R"({"amount":1,"times":1})")) == errc::invalid_argument);
  auto keyed = request("x", "book", R"({"amount":1,"times":1})");
  keyed.options.idempotency_key = std::string(129, 'k');
  REQUIRE(code(keyed) == errc::limit_exceeded);
  keyed.options.idempotency_key = "\x01step";
  REQUIRE(code(keyed) == errc::invalid_argument);
  auto traced = request("x", "book", R"({"amount":1,"times":1})");
  traced.options.meta.correlation_id = "a\nb";
  REQUIRE(code(traced) == errc::invalid_argument);
  REQUIRE(rt->info().head == position{0});
  REQUIRE(rt->info().resident_aggregates == 0);
}

TEST_CASE("a rejection and a failing command leave no event, version or position") {
  auto const rt = start(in_memory());
  rt->of<ledger>("l").execute(open_ledger{"ann"}).get();
  REQUIRE(rt->of<ledger>("l").execute(book{-1, 1}).get().why().code == "overdrawn");
  REQUIRE(rt->of<ledger>("l").execute(misbehave{"decide"}).get().error().code == errc::user_code_failed);
  REQUIRE(rt->of<ledger>("l").execute(misbehave{"evolve"}).get().error().code == errc::user_code_failed);
  REQUIRE(rt->of<ledger>("l").execute(book{1, 2'000}).get().error().code == errc::limit_exceeded);
  REQUIRE(rt->of<ledger>("l").execute(book{3, 1}).get().reply().version == version{2});
  REQUIRE(rt->info().head == position{2});
}

TEST_CASE("of a thousand concurrent creations of one id exactly one creates") {
  temporary_directory const directory;
  auto const rt = start(on_disk(directory));
  std::vector<std::future<command_result>> ends;
  ends.reserve(1'000);
  for (int i = 0; i < 1'000; ++i) ends.push_back(rt->of<ledger>("one").execute(open_ledger{"o" + std::to_string(i)}));
  int created = 0;
  for (auto& each : ends) {
    auto const end = each.get();
    if (end.accepted())
      ++created;
    else
      REQUIRE(end.why().code == "ledger_exists");
  }
  REQUIRE(created == 1);
  REQUIRE(rt->info().head == position{1});
}

TEST_CASE("of two clients with the same expected version exactly one wins, every time") {
  auto const rt = start(in_memory());
  rt->of<ledger>("l").execute(open_ledger{"ann"}).get();
  for (std::uint64_t at = 1; at <= 500; ++at) {
    command_options options;
    options.expected = expected_version::exactly(version{at});
    int wins = 0;
    std::latch both(2);
    std::vector<std::thread> clients;
    std::atomic<int> won{0};
    for (int i = 0; i < 2; ++i)
      clients.emplace_back([&] {
        both.arrive_and_wait();
        auto const end = rt->of<ledger>("l").execute(book{1, 1}, options).get();
        if (end.accepted()) ++won;
        if (end.failed()) REQUIRE(end.error().code == errc::version_mismatch);
      });
    for (auto& each : clients) each.join();
    wins = won;
    REQUIRE(wins == 1);
  }
}

TEST_CASE("a retried command with its key is stored once, also after a restart") {
  temporary_directory const directory;
  command_options options;
  options.idempotency_key = "k-1";
  event_id first_id;
  {
    auto const rt = start(on_disk(directory));
    rt->of<ledger>("l").execute(open_ledger{"ann"}).get();
    first_id = rt->of<ledger>("l").execute(book{5, 1}, options).get().reply().events.at(0).id;
    REQUIRE(rt->of<ledger>("l").execute(book{5, 1}, options).get().replayed());
  }
  auto const rt = start(on_disk(directory));
  auto const again = rt->of<ledger>("l").execute(book{5, 1}, options).get();
  REQUIRE(again.replayed());
  REQUIRE(again.reply().events.at(0).id == first_id);
  REQUIRE(rt->of<ledger>("l").execute(book{6, 1}, options).get().error().code == errc::key_reused);
  REQUIRE(rt->of<ledger>("l").get()->sum == 5);
}

TEST_CASE("internal keys are for the runtime itself: they may hold any bytes, and their outcome is replayed") {
  auto const rt = start(in_memory());
  rt->of<ledger>("l").execute(open_ledger{"ann"}).get();
  auto const internally = [&](std::string key) {
    auto asked = request("l", "book", R"({"amount":5,"times":1})");
    asked.options.idempotency_key = std::move(key);
    std::promise<command_result> end;
    rt->core().execute(std::move(asked), [&](command_result given) { end.set_value(std::move(given)); }, detail::caller::runtime);
    return end.get_future().get();
  };
  REQUIRE(internally(std::string("\x01\0\xff\n", 4)).accepted());
  REQUIRE(internally(std::string("\x01\0\xff\n", 4)).replayed());
  REQUIRE(internally("\x01").error().code == errc::limit_exceeded);
  REQUIRE(internally("\x01" + std::string(255, 'k')).error().code == errc::limit_exceeded);
  REQUIRE(internally("\x01" + std::string(254, 'k')).accepted());
  command_options typed;
  typed.idempotency_key = "\x01typed";
  REQUIRE(rt->of<ledger>("l").execute(book{1, 1}, typed).get().error().code == errc::invalid_argument);
  REQUIRE(rt->of<ledger>("l").get()->sum == 10);
}

TEST_CASE("more open commands than the limit are refused and the others are served") {
  auto options = in_memory();
  options.limits.max_open_commands = 10;
  auto const rt = start(options);
  std::vector<std::future<command_result>> ends;
  ends.reserve(5'000);
  for (int i = 0; i < 5'000; ++i) ends.push_back(rt->of<ledger>("l" + std::to_string(i)).execute(open_ledger{"x"}));
  std::size_t accepted = 0;
  std::size_t refused = 0;
  for (auto& each : ends) {
    auto const end = each.get();
    accepted += end.accepted() ? 1 : 0;
    if (end.failed()) {
      REQUIRE(end.error().code == errc::overloaded);
      REQUIRE(end.error().retry_after_ms);
      ++refused;
    }
  }
  REQUIRE(accepted + refused == 5'000);
  REQUIRE(refused > 0);
  REQUIRE(rt->info().head == position{accepted});
}

TEST_CASE("what is beyond the limit is told so once each, and by workers, whatever way it came, until the runtime stops") {
  auto options = in_memory();
  options.limits.max_open_commands = 2;
  auto const rt = start(options);
  constexpr int calls = 6'000;
  std::atomic<int> answered{0};
  std::atomic<int> refused{0};
  std::atomic<int> elsewhere{0};
  std::atomic<bool> stopping{false};
  auto const done = [&](command_result end) {
    ++answered;
    if (end.failed() && end.error().code == errc::overloaded && end.error().retry_after_ms) ++refused;
    if (!stopping && !rt->core().workers().current()) ++elsewhere;
  };
  auto const flood = [&] {
    for (int i = 0; i < calls; i += 3) {
      auto const id = "l" + std::to_string(i);
      rt->of<ledger>(id).execute(open_ledger{"x"}, done);
      rt->execute(request(id, "book", R"({"amount":5,"times":1})"), done);
      raw_append_request append{"note", id, {}, {}, {}};
      append.events.push_back({{}, "noted", "{}", {}});
      rt->append(std::move(append), done);
    }
  };
  std::thread first(flood);
  std::thread second(flood);
  first.join();
  second.join();
  stopping = true;  // then the last may be told by the thread that stops
  rt->stop(std::chrono::seconds(20));
  REQUIRE(answered == 2 * calls);
  REQUIRE(refused > 0);
  REQUIRE(elsewhere == 0);
}

TEST_CASE("stopping finishes what was accepted and refuses what comes later") {
  temporary_directory const directory;
  auto const rt = start(on_disk(directory));
  std::vector<std::future<command_result>> ends;
  for (int i = 0; i < 2'000; ++i) ends.push_back(rt->of<ledger>("l" + std::to_string(i % 50)).execute(open_ledger{"x"}));
  rt->stop(std::chrono::seconds(20));
  for (auto& each : ends) {
    auto const end = each.get();
    if (end.failed()) REQUIRE(end.error().code == errc::draining);
  }
  REQUIRE(rt->of<ledger>("late").execute(open_ledger{"x"}).get().error().code == errc::draining);
  REQUIRE_FALSE(rt->health().ready());
  auto const again = start(on_disk(directory));
  REQUIRE(again->info().head == position{50});
}

TEST_CASE("two runtimes live in one process") {
  temporary_directory const one;
  temporary_directory const other;
  auto const first = start(on_disk(one));
  auto const second = start(on_disk(other));
  first->of<ledger>("l").execute(open_ledger{"ann"}).get();
  second->of<ledger>("l").execute(open_ledger{"bob"}).get();
  REQUIRE(first->of<ledger>("l").get()->owner == "ann");
  REQUIRE(second->of<ledger>("l").get()->owner == "bob");
  REQUIRE(first->info().store_id != second->info().store_id);
}

TEST_CASE("options that make no sense are refused before anything is opened") {
  auto options = in_memory();
  options.limits.max_recoveries = 0;
  REQUIRE(runtime::start(types(), options).error().code == errc::invalid_argument);
  options = in_memory();
  options.passivate_after = std::chrono::milliseconds(0);
  REQUIRE(runtime::start(types(), options).error().code == errc::invalid_argument);
  options = in_memory();
  options.workers = 5'000;
  REQUIRE(runtime::start(types(), options).error().code == errc::invalid_argument);
}

TEST_CASE("idle aggregates leave memory and answer again") {
  temporary_directory const directory;
  auto options = on_disk(directory);
  options.passivate_after = std::chrono::milliseconds(40);
  auto const rt = start(options);
  for (int i = 0; i < 100; ++i) REQUIRE(rt->of<ledger>("l" + std::to_string(i)).execute(open_ledger{"x"}).get().accepted());
  while (rt->info().resident_aggregates > 0) std::this_thread::yield();
  for (int i = 0; i < 100; ++i)
    REQUIRE(rt->of<ledger>("l" + std::to_string(i)).execute(book{i + 1, 1}).get().reply().version == version{2});
}

TEST_CASE("many more aggregates than may be resident are created, and any of them answers again") {
  temporary_directory const directory;
  auto options = on_disk(directory);
  options.limits.max_resident_aggregates = 1'000;
  auto const rt = start(options);
  constexpr int count = 20'000;
  std::vector<std::future<command_result>> ends;
  ends.reserve(count);
  for (int i = 0; i < count; ++i) {
    ends.push_back(rt->of<ledger>("l" + std::to_string(i)).execute(open_ledger{"o" + std::to_string(i)}));
    if (ends.size() % 2'000 == 0)
      for (auto& each : ends)
        if (each.valid()) REQUIRE(each.get().accepted());
  }
  // What is leaving still counts until its last group is durable.
  while (rt->info().resident_aggregates > 1'000) std::this_thread::yield();
  for (int i = 0; i < count; i += 997) REQUIRE(rt->of<ledger>("l" + std::to_string(i)).get()->owner == "o" + std::to_string(i));
}
