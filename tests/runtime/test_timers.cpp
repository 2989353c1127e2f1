#include <algorithm>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "runtime/runtime_core.hpp"
#include "tests/runtime/alarm.hpp"
#include "tests/runtime/runtimes.hpp"

using namespace evoke;
using namespace evoke::tests;
using namespace alarms;
using namespace std::chrono_literals;

namespace {

/// The wall clock is the test's, durations are real.
class wall_clock final : public evoke::clock {
 public:
  [[nodiscard]] timestamp now() const noexcept override { return timestamp(std::chrono::microseconds(us_.load())); }
  [[nodiscard]] std::chrono::nanoseconds steady() const noexcept override { return system_clock().steady(); }
  void leap(std::chrono::microseconds by) { us_ += by.count(); }

 private:
  std::atomic<std::int64_t> us_{1'750'000'000'000'000};
};

/// Until it holds; a test that waits in vain fails.
void until(std::function<bool()> const& holds) {
  auto const end = std::chrono::steady_clock::now() + 60s;
  while (!holds()) {
    if (std::chrono::steady_clock::now() > end) FAIL("what was waited for did not happen");
    std::this_thread::yield();
  }
}

void set(runtime& rt, std::string const& tower, std::string const& name, timestamp due, std::string how = {}) {
  auto const end = rt.of<clock_tower>(tower).execute(set_alarm{name, due, std::move(how)}).get();
  if (!end.accepted()) FAIL("the alarm was not set");
}

std::vector<pending_timer> pending(runtime& rt, timers_request asked = {}) {
  auto page = rt.timers(std::move(asked)).get();
  if (!page) FAIL(page.error().message);
  return std::move(page->timers);
}

/// All events "rang", in order of position.
std::vector<recorded_event> rings(runtime& rt) {
  log_request asked;
  asked.limit = 1'000;
  asked.filter.event_types = {"rang"};
  std::vector<recorded_event> all;
  for (;;) {
    auto page = rt.read_log(asked).get();
    if (!page) FAIL(page.error().message);
    for (auto& each : page->events) all.push_back(std::move(each));
    if (page->at_end) return all;
    asked.after = page->next_after;
  }
}

rang what_rang(recorded_event const& event) {
  return json::decode<rang>(event.data).value();
}

double metric(runtime& rt, std::string const& name) {
  auto const text = rt.metrics().get();
  auto const at = text.find("\n" + name + " ");
  if (at == std::string::npos) FAIL("there is no metric " << name);
  return std::stod(text.substr(at + name.size() + 2));
}

timestamp soon(std::chrono::milliseconds in) {
  return system_clock().now() + in;
}

}  // namespace

TEST_CASE("a timer fires once, at or after its time, in memory and on a disk") {
  temporary_directory const directory;
  for (bool const disk : {false, true}) {
    auto const rt = start(disk ? on_disk(directory) : in_memory(), types());
    auto const due = soon(60ms);
    set(*rt, "a", "t", due);
    until([&] { return rt->of<clock_tower>("a").get()->rung == 1; });
    auto const all = rings(*rt);
    REQUIRE(all.size() == 1);
    CHECK(all[0].time >= due);
    CHECK(what_rang(all[0]).name == "t");
    CHECK(what_rang(all[0]).due == due);
    CHECK(pending(*rt).empty());
  }
}

TEST_CASE("what a timer fires belongs to the flow that set it, and names the event that did") {
  auto const rt = start(in_memory(), types());
  command_options options;
  options.meta.correlation_id = "flow-7";
  auto const setting = rt->of<clock_tower>("a").execute(set_alarm{"t", soon(0ms), {}}, options).get();
  REQUIRE(setting.accepted());
  until([&] { return rings(*rt).size() == 1; });
  auto const event = rings(*rt)[0];
  CHECK(event.meta.correlation_id == "flow-7");
  CHECK(event.meta.causation_id == setting.reply().events.at(0).id.str());
}

TEST_CASE("nothing fires before the clock that was handed in says so, and a leap of it is noticed") {
  wall_clock time;
  auto options = in_memory();
  options.clock = &time;
  auto const rt = start(options, types());
  auto const due = time.now() + 1h;
  set(*rt, "a", "first", due);
  set(*rt, "a", "second", due + 1h);
  time.leap(1h - 1us);
  // Something later than any look the service could have taken at this time.
  set(*rt, "a", "now", time.now());
  until([&] { return rings(*rt).size() == 1; });
  CHECK(what_rang(rings(*rt)[0]).name == "now");
  time.leap(1us);
  until([&] { return rings(*rt).size() == 2; });
  CHECK(what_rang(rings(*rt)[1]).name == "first");
  CHECK(rings(*rt)[1].time == due);
  CHECK(pending(*rt).size() == 1);
}

TEST_CASE("late timers fire on start in the order of their times, no faster than allowed") {
  temporary_directory const directory;
  wall_clock time;
  auto options = on_disk(directory);
  options.clock = &time;
  {
    auto const rt = start(options, types());
    for (int i = 0; i < 60; ++i)
      set(*rt, "t" + std::to_string(i % 7), "n" + std::to_string(i), time.now() + std::chrono::minutes(1 + (i * 37) % 60));
    CHECK(metric(*rt, "evoke_timers_pending") == 60);
  }
  time.leap(2h);
  options.timers.late_per_second = 100;
  options.timers.max_in_flight = 1;  // so that they end in the order in which they fire
  options.timers.max_near = 8;
  auto const began = std::chrono::steady_clock::now();
  auto const rt = start(options, types());
  CHECK(metric(*rt, "evoke_timer_lag_seconds") >= 0);
  until([&] { return rt->of<clock_tower>("t0").get() && rings(*rt).size() == 60; });
  CHECK(std::chrono::steady_clock::now() - began >= 450ms);  // 60 at 100 a second, a tenth of a second's worth at once
  timestamp before{};
  for (auto const& each : rings(*rt)) {
    CHECK(before <= what_rang(each).due);
    before = what_rang(each).due;
  }
  until([&] { return metric(*rt, "evoke_timers_fired_total") == 60; });
  until([&] { return metric(*rt, "evoke_timers_pending") == 0 && metric(*rt, "evoke_timer_lag_seconds") == 0; });
}

TEST_CASE("many timers fire though few are held in memory") {
  temporary_directory const directory;
  auto options = on_disk(directory);
  options.timers.max_near = 20;
  auto const rt = start(options, types());
  auto const due = soon(300ms);
  for (int i = 0; i < 50; ++i)
    REQUIRE(rt->of<clock_tower>("t" + std::to_string(i)).execute(set_alarms{0, 20, due + std::chrono::microseconds(i)}).get().accepted());
  until([&] {
    CHECK(metric(*rt, "evoke_timers_near") <= 20 + 256);
    return rings(*rt).size() == 1'000;
  });
  for (auto const& each : rings(*rt)) CHECK(each.time >= what_rang(each).due);
  CHECK(pending(*rt).empty());
}

TEST_CASE("a timer that was cancelled or moved does not fire at its old time") {
  wall_clock time;
  auto options = in_memory();
  options.clock = &time;
  auto const rt = start(options, types());
  set(*rt, "a", "cancelled", time.now() + 1s);
  set(*rt, "a", "moved", time.now() + 1s);
  set(*rt, "a", "stays", time.now() + 2s);
  REQUIRE(rt->of<clock_tower>("a").execute(cancel_alarm{"cancelled"}).get().accepted());
  set(*rt, "a", "moved", time.now() + 3s);
  time.leap(2s);
  until([&] { return rings(*rt).size() == 1; });
  CHECK(what_rang(rings(*rt)[0]).name == "stays");
  time.leap(1s);
  until([&] { return rings(*rt).size() == 2; });
  CHECK(what_rang(rings(*rt)[1]).name == "moved");
}

TEST_CASE("a timer whose command is rejected or changes nothing is gone, and a rejection is said") {
  auto options = in_memory();
  std::mutex guard;
  std::vector<std::string> lines;
  options.log = [&](log_level, std::string_view line) {
    std::lock_guard const lock(guard);
    lines.emplace_back(line);
  };
  auto const rt = start(options, types());
  set(*rt, "a", "refused", soon(0ms), "refuse");
  set(*rt, "a", "idle", soon(0ms), "nothing");
  until([&] { return pending(*rt).empty() && metric(*rt, "evoke_timers_fired_total") == 2; });
  CHECK(rings(*rt).empty());
  until([&] {
    std::lock_guard const lock(guard);
    return std::ranges::count_if(lines, [](auto const& each) {
             return each.find("timer 'refused' of clock_tower/a") != std::string::npos && each.find("no_bell") != std::string::npos;
           }) == 1;
  });
}

TEST_CASE("a timer that sets itself again goes on for ever") {
  wall_clock time;
  auto options = in_memory();
  options.clock = &time;
  auto const rt = start(options, types());
  set(*rt, "a", "t", time.now() + 1h, "again");
  for (std::size_t round = 1; round <= 5; ++round) {
    time.leap(1h);
    until([&] { return rings(*rt).size() == round; });
    auto const left = pending(*rt);
    REQUIRE(left.size() == 1);
    CHECK(left[0].due == time.now() + 1h);
  }
}

TEST_CASE("a timer whose aggregate throws is tried again, seen with its error, and fires when it is healed") {
  doing().broken = true;
  auto options = in_memory();
  options.timers.first_retry_delay = 1ms;
  options.timers.max_retry_delay = 20ms;
  auto const rt = start(options, types());
  set(*rt, "a", "bad", soon(0ms), "throw");
  set(*rt, "a", "good", soon(1ms));
  until([&] { return rings(*rt).size() == 1; });
  until([&] {
    auto const left = pending(*rt);
    return left.size() == 1 && left[0].attempts >= 3 && left[0].last_error.find("user_code_failed") != std::string::npos;
  });
  CHECK(metric(*rt, "evoke_timers_failing") <= 1);
  doing().broken = false;
  until([&] { return rings(*rt).size() == 2; });
  CHECK(pending(*rt).empty());
}

TEST_CASE("timers of a type that is retired stay, say why, and fire when it is back") {
  temporary_directory const directory;
  auto options = on_disk(directory);
  options.timers.first_retry_delay = 1ms;
  options.timers.max_retry_delay = 10ms;
  {
    auto const rt = start(options, types());
    set(*rt, "a", "t", soon(400ms));
  }
  {
    auto others = ledgers::types();
    REQUIRE(others.retire("clock_tower"));
    auto const rt = start(options, std::move(others));
    until([&] {
      auto const left = pending(*rt);
      return left.size() == 1 && left[0].last_error.find("unknown_type") != std::string::npos;
    });
    CHECK(pending(*rt)[0].type == "clock_tower");
  }
  auto const rt = start(options, types());
  until([&] { return rings(*rt).size() == 1; });
}

TEST_CASE("timers are listed in the order of their times, page by page, of one type, of one aggregate") {
  auto all_types = types();
  REQUIRE(all_types.add(define<ledgers::ledger>()));
  auto const rt = start(in_memory(), std::move(all_types));
  auto const due = soon(1h);
  for (int i = 0; i < 25; ++i) set(*rt, "t" + std::to_string(i % 3), "n" + std::to_string(i), due + std::chrono::seconds((i * 7) % 25));
  auto const check_pages = [&](timers_request asked, std::size_t count) {
    std::vector<pending_timer> all;
    do {
      auto page = rt->timers(asked).get();
      REQUIRE(page);
      CHECK(page->timers.size() <= asked.limit);
      for (auto& each : page->timers) all.push_back(std::move(each));
      asked.cursor = page->next.value_or("");
    } while (!asked.cursor.empty());
    CHECK(all.size() == count);
    for (std::size_t i = 1; i < all.size(); ++i) CHECK(all[i - 1].due < all[i].due);
    return all;
  };
  for (std::size_t const limit : {1U, 4U, 24U, 25U, 100U}) check_pages({.limit = limit}, 25);
  check_pages({.type = "clock_tower", .limit = 10}, 25);
  check_pages({.type = "ledger", .limit = 10}, 0);
  for (auto const& each : check_pages({.type = "clock_tower", .id = "t1", .limit = 3}, 8)) CHECK(each.id == "t1");
  check_pages({.type = "clock_tower", .id = "nobody", .limit = 3}, 0);
  auto const first = pending(*rt, {.limit = 1}).at(0);
  CHECK(first.type == "clock_tower");
  CHECK(first.name == "n0");
  CHECK(first.command == "ring");
  CHECK(first.due == due);
  CHECK_FALSE(first.correlation_id.empty());
  CHECK(rt->find_event(first.set_by).get()->type.str() == "alarm_set");
  CHECK(rt->timers({.type = "nonesuch"}).get().error().code == errc::unknown_type);
  CHECK(rt->timers({.id = "t1"}).get().error().code == errc::invalid_argument);
  for (auto const* cursor : {"x", "1", "1:2", "1:2:3", "1:2:99:a", "::", "99999999999999999999:1:1:a"})
    CHECK(rt->timers({.cursor = cursor}).get().error().code == errc::invalid_argument);
}

TEST_CASE("a runtime that drains fires no more, and stopping it leaves the timers") {
  temporary_directory const directory;
  auto const options = on_disk(directory);
  {
    auto const rt = start(options, types());
    set(*rt, "a", "t", soon(200ms));
    rt->drain();
    until([&, due = soon(300ms)] { return system_clock().now() > due; });
    CHECK(rings(*rt).empty());
    CHECK(pending(*rt).size() == 1);
    CHECK(pending(*rt)[0].attempts == 0);
  }
  auto const rt = start(options, types());
  until([&] { return rings(*rt).size() == 1; });
}

TEST_CASE("timers of a runtime with little room for commands are tried until all have fired") {
  auto options = in_memory();
  options.limits.max_open_commands = 3;
  options.timers.first_retry_delay = 1ms;
  options.timers.max_retry_delay = 20ms;
  auto const rt = start(options, types());
  auto const due = soon(1s);
  for (int i = 0; i < 10; ++i) REQUIRE(rt->of<clock_tower>("t" + std::to_string(i)).execute(set_alarms{0, 30, due}).get().accepted());
  until([&] { return rings(*rt).size() == 300; });
  CHECK(pending(*rt).empty());
}

TEST_CASE("options of timers that make no sense are refused") {
  auto const code = [](std::function<void(timer_options&)> const& change) {
    auto options = in_memory();
    change(options.timers);
    auto const started = runtime::start(types(), options);
    return started ? std::nullopt : std::optional(started.error().code);
  };
  CHECK(code([](auto& how) { how.max_near = 0; }) == errc::invalid_argument);
  CHECK(code([](auto& how) { how.max_in_flight = 0; }) == errc::invalid_argument);
  CHECK(code([](auto& how) { how.late_per_second = 0; }) == errc::invalid_argument);
  CHECK(code([](auto& how) { how.max_failing = 0; }) == errc::invalid_argument);
  CHECK(code([](auto& how) { how.near_time = 0s; }) == errc::invalid_argument);
  CHECK(code([](auto& how) { how.first_retry_delay = 0ms; }) == errc::invalid_argument);
  CHECK(code([](auto& how) { how.max_retry_delay = 1ms; }) == errc::invalid_argument);
}
