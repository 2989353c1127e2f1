#include <catch2/catch.hpp>
#include <cstdlib>
#include <map>
#include <random>

#include "tests/runtime/agenda_desk.hpp"

using namespace evoke;
using namespace evoke::detail;
using namespace evoke::tests;
using namespace std::chrono_literals;

TEST_CASE("a timer that fails is tried again, ever more slowly, and does not hold up the others") {
  desk here;
  here.set(desk::at(1s, "bad"));
  here.set(desk::at(2s, "good"));
  here.read();
  here.pass(1s);
  REQUIRE(here.take().size() == 1);
  std::vector<std::chrono::milliseconds> delays;
  for (int attempt = 1; attempt <= 8; ++attempt) {
    here.agenda.failed(desk::at(1s, "bad"), broken(), here.steady);
    auto const* trouble = here.agenda.trouble_of(desk::at(1s, "bad"));
    REQUIRE(trouble != nullptr);
    CHECK(trouble->attempts == static_cast<std::uint32_t>(attempt));
    CHECK(trouble->error == "user_code_failed: as the test says");
    auto const delay = trouble->next - here.steady;
    delays.push_back(std::chrono::duration_cast<std::chrono::milliseconds>(delay));
    here.pass(std::chrono::duration_cast<std::chrono::microseconds>(delay) - 1us);
    for (auto const& each : here.take()) {
      CHECK(each == desk::at(2s, "good"));
      here.cancel(each);
      here.agenda.fired(each);
    }
    here.pass(1us);
    REQUIRE(here.take() == places{desk::at(1s, "bad")});
  }
  CHECK(delays == std::vector<std::chrono::milliseconds>{100ms, 400ms, 1600ms, 6400ms, 25600ms, 60s, 60s, 60s});
  here.agenda.fired(desk::at(1s, "bad"));
  CHECK(here.agenda.trouble_of(desk::at(1s, "bad")) == nullptr);
  CHECK(here.agenda.failing() == 0);
}

TEST_CASE("what only a person can mend is tried slowly from the first") {
  for (auto const code : {errc::unknown_type, errc::unknown_command, errc::malformed, errc::corrupt}) {
    desk here;
    here.set(desk::at(0s));
    REQUIRE(here.take().size() == 1);
    here.agenda.failed(desk::at(0s), broken(code), here.steady);
    CHECK(here.agenda.trouble_of(desk::at(0s))->next == here.steady + 60s);
  }
}

TEST_CASE("a failing timer that is moved or cancelled is not tried again at its old time") {
  desk here;
  here.set(desk::at(0s, "a"));
  here.set(desk::at(0s, "b"));
  REQUIRE(here.take().size() == 1);  // the second is late: it waits for the rate
  here.pass(1s);
  REQUIRE(here.take().size() == 1);
  here.agenda.failed(desk::at(0s, "a"), broken(), here.steady);
  here.agenda.failed(desk::at(0s, "b"), broken(), here.steady);
  here.cancel(desk::at(0s, "a"));
  here.index.erase(desk::at(0s, "b"));
  here.set(desk::at(5s, "b"));
  CHECK(here.agenda.failing() == 0);
  here.pass(3s);
  CHECK(here.take().empty());
  here.pass(1s);
  CHECK(here.take() == places{desk::at(5s, "b")});
}

TEST_CASE("a timer that is moved while it is in flight fires again at its new time, however the flight ends") {
  for (bool const fails : {false, true}) {
    desk here;
    here.set(desk::at(0s));
    REQUIRE(here.take().size() == 1);
    here.index.erase(desk::at(0s));
    here.set(desk::at(2s));
    if (fails)
      here.agenda.failed(desk::at(0s), broken(), here.steady);
    else
      here.agenda.fired(desk::at(0s));
    CHECK(here.agenda.failing() == 0);
    here.pass(2s);
    CHECK(here.fire_all() == places{desk::at(2s)});
  }
}

TEST_CASE("a timer that is set again for the same time while it is in flight fires again") {
  desk here;
  here.set(desk::at(0s));
  REQUIRE(here.take().size() == 1);
  here.agenda.cancel(1, "a", "t");
  here.agenda.set(desk::at(0s));
  here.agenda.fired(desk::at(0s));
  here.pass(1s);
  CHECK(here.take() == places{desk::at(0s)});
  here.agenda.cancel(1, "a", "t");
  here.agenda.fired(desk::at(0s));
  here.index.clear();
  here.pass(1s);
  CHECK(here.take().empty());
}

TEST_CASE("failing timers beyond the limit are let go and read again later: none is lost") {
  desk here(small());
  for (int i = 0; i < 40; ++i) here.set(desk::at(1s, "bad" + std::to_string(i)));
  here.read();
  here.pass(2s);
  bool healed = false;
  places fired;
  auto const run = [&] {
    for (auto due = here.take(); !due.empty(); due = here.take())
      for (auto const& each : due) {
        if (!healed && each.id.starts_with("bad")) {
          here.agenda.failed(each, broken(), here.steady);
          continue;
        }
        here.cancel(each);
        here.agenda.fired(each);
        fired.push_back(each);
      }
    CHECK(here.agenda.failing() <= 3);
    CHECK(here.agenda.waiting() <= 10);
  };
  run();
  here.set(desk::at(3s, "good"));
  for (int i = 0; i < 100; ++i) {
    here.pass(2s);
    run();
  }
  CHECK(fired == places{desk::at(3s, "good")});
  healed = true;
  for (int i = 0; i < 100; ++i) {
    here.pass(2s);
    run();
  }
  CHECK(here.index.empty());
  CHECK(fired.size() == 41);
}

TEST_CASE("the agenda says how long nothing need be done, and how late it is") {
  desk here;
  here.read();
  CHECK(here.agenda.quiet(here.now, here.steady) == 500ms);
  CHECK(here.agenda.lag(here.now) == 0ns);
  here.set(desk::at(200ms));
  CHECK(here.agenda.quiet(here.now, here.steady) == 200ms);
  here.pass(300ms);
  CHECK(here.agenda.quiet(here.now, here.steady) == 0ns);
  CHECK(here.agenda.lag(here.now) == 100ms);
  REQUIRE(here.take().size() == 1);
  CHECK(here.agenda.lag(here.now) == 100ms);  // in flight is not done
  here.agenda.failed(desk::at(200ms), broken(), here.steady);
  CHECK(here.agenda.quiet(here.now, here.steady) == 100ms);
  here.pass(1s);
  CHECK(here.agenda.lag(here.now) == 1100ms);
}

TEST_CASE("whatever happens, everything fires once it is due, not before, and what was cancelled is forgotten") {
  std::uint64_t const seed =
      std::getenv("EVOKE_SEED") != nullptr ? std::strtoull(std::getenv("EVOKE_SEED"), nullptr, 10) : std::random_device{}();
  INFO("EVOKE_SEED=" << seed);
  std::mt19937_64 random(seed);
  desk here(small());
  std::map<std::string, timer_place> set_now;  // by id: each aggregate has one timer "t"
  std::optional<timer_agenda::page> reading;
  places flying;
  for (int step = 0; step < 20'000; ++step) {
    auto const id = "a" + std::to_string(random() % 60);
    switch (random() % 9) {
      case 0:
      case 1: {
        if (auto const old = set_now.find(id); old != set_now.end()) here.index.erase(old->second);
        auto const place = timer_place{here.now + std::chrono::milliseconds(static_cast<int>(random() % 90'000) - 3'000), 1, id, "t"};
        set_now[id] = place;
        here.set(place);
        break;
      }
      case 2:
        if (auto const old = set_now.find(id); old != set_now.end()) {
          here.cancel(old->second);
          set_now.erase(old);
        }
        break;
      case 3:
        if (!reading) reading = here.agenda.next_page(here.now, here.steady);
        break;
      case 4:
        if (reading) here.deliver(*std::exchange(reading, std::nullopt));
        break;
      case 5:
      case 6:
        for (auto const& each : here.agenda.take_due(here.now, here.steady)) {
          REQUIRE(each.due <= here.now);
          flying.push_back(each);
        }
        REQUIRE(flying.size() <= 4);
        break;
      case 7:
        if (!flying.empty()) {
          auto const which = static_cast<std::ptrdiff_t>(random() % flying.size());
          auto const place = flying[static_cast<std::size_t>(which)];
          flying.erase(flying.begin() + which);
          auto const stored = set_now.find(place.id);
          if (stored != set_now.end() && stored->second == place && random() % 3 == 0) {
            here.agenda.failed(place, broken(), here.steady);
            break;
          }
          if (stored != set_now.end() && stored->second == place) {
            here.cancel(place);
            set_now.erase(stored);
          }
          here.agenda.fired(place);
        }
        break;
      default: here.pass(std::chrono::milliseconds(random() % 700)); break;
    }
    REQUIRE(here.agenda.waiting() <= 10);
    REQUIRE(here.agenda.failing() <= 3);
  }
  if (reading) here.deliver(*reading);
  for (auto const& each : flying) {
    if (auto const stored = set_now.find(each.id); stored != set_now.end() && stored->second == each) {
      here.cancel(each);
      set_now.erase(stored);
    }
    here.agenda.fired(each);
  }
  for (int i = 0; i < 400 && !here.index.empty(); ++i) {
    here.pass(1s);
    here.fire_all();
  }
  CHECK(here.index.empty());
  here.pass(61s);
  here.fire_all();
  CHECK(here.agenda.waiting() + here.agenda.in_flight() + here.agenda.failing() == 0);
}
