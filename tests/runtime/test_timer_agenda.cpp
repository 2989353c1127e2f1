#include <catch2/catch.hpp>

#include "tests/runtime/agenda_desk.hpp"

using namespace evoke;
using namespace evoke::detail;
using namespace evoke::tests;
using namespace std::chrono_literals;

TEST_CASE("a timer fires at its time and not before") {
  desk here;
  here.set(desk::at(10s));
  CHECK(here.take().empty());
  here.pass(10s - 1us);
  CHECK(here.take().empty());
  here.pass(1us);
  CHECK(here.take() == places{desk::at(10s)});
  CHECK(here.take().empty());
  CHECK(here.agenda.in_flight() == 1);
  here.agenda.fired(desk::at(10s));
  CHECK(here.agenda.in_flight() == 0);
}

TEST_CASE("timers fire in the order of their times, those that were stored before and those that come now alike") {
  desk here;
  here.index = {desk::at(1s, "c"), desk::at(3s, "d")};
  here.read();
  here.set(desk::at(2s, "b"));
  here.set(desk::at(2s, "a"));
  here.pass(5s);
  CHECK(here.fire_all() == places{desk::at(1s, "c"), desk::at(2s, "a"), desk::at(2s, "b"), desk::at(3s, "d")});
}

TEST_CASE("a timer that is moved fires at its new time only, one that is cancelled never") {
  desk here;
  here.set(desk::at(1s, "a"));
  here.set(desk::at(1s, "b"));
  here.read();
  here.index.erase(desk::at(1s, "a"));
  here.set(desk::at(2s, "a"));
  here.cancel(desk::at(1s, "b"));
  here.pass(1s);
  CHECK(here.fire_all().empty());
  here.pass(1s);
  CHECK(here.fire_all() == places{desk::at(2s, "a")});
}

TEST_CASE("only the near ones are in memory, and all fire in order") {
  desk here(small());
  places wanted;
  for (int i = 0; i < 500; ++i) wanted.push_back(desk::at(std::chrono::seconds(i), "a" + std::to_string(i)));
  for (auto at = wanted.rbegin(); at != wanted.rend(); ++at) {
    here.set(*at);
    CHECK(here.agenda.waiting() <= 10);
  }
  places fired;
  for (int i = 0; i < 500; ++i) {
    for (auto const& each : here.fire_all()) fired.push_back(each);
    CHECK(here.agenda.waiting() <= 10);
    here.pass(1s);
  }
  CHECK(fired == wanted);
}

TEST_CASE("what is due far ahead is left to the index") {
  desk here;
  here.set(desk::at(2h));
  here.read();
  CHECK(here.agenda.waiting() == 0);
  here.pass(2h - 30s);
  here.read();
  CHECK(here.agenda.waiting() == 1);
  here.pass(30s);
  CHECK(here.fire_all() == places{desk::at(2h)});
}

TEST_CASE("an agenda with nothing to do reads the index now and then, not all the time") {
  desk here;
  CHECK(here.read() == 1);
  int pages = 0;
  for (int i = 0; i < 600; ++i) {
    here.pass(1s);
    pages += here.read();
  }
  CHECK(pages <= 21);
  CHECK(pages >= 9);
}

TEST_CASE("what commits tell while a page is read holds") {
  desk here;
  here.index = {desk::at(1s, "moved"), desk::at(1s, "cancelled"), desk::at(1s, "stays")};
  auto const wanted = here.agenda.next_page(here.now, here.steady);
  REQUIRE(wanted);
  CHECK_FALSE(here.agenda.next_page(here.now, here.steady));  // one at a time
  auto const stale = here.index;
  here.cancel(desk::at(1s, "cancelled"));
  here.index.erase(desk::at(1s, "moved"));
  here.set(desk::at(2s, "moved"));
  here.set(desk::at(1s, "new"));
  auto const after = std::exchange(here.index, stale);
  here.deliver(*wanted);  // as it was when the read began
  here.index = after;
  here.pass(5s);
  CHECK(here.fire_all() == places{desk::at(1s, "new"), desk::at(1s, "stays"), desk::at(2s, "moved")});
}

TEST_CASE("a page is read again when too much happened meanwhile, or when it could not be read") {
  desk here(small());
  for (int i = 0; i < 5; ++i) here.index.insert(desk::at(1s, "s" + std::to_string(i)));
  auto const wanted = here.agenda.next_page(here.now, here.steady);
  REQUIRE(wanted);
  auto const stale = here.index;
  for (int i = 0; i < 30; ++i) here.set(desk::at(2s, "n" + std::to_string(i)));
  auto const after = std::exchange(here.index, stale);
  here.deliver(*wanted);
  here.index = after;
  CHECK(here.agenda.waiting() == 0);
  REQUIRE(here.agenda.next_page(here.now, here.steady));
  here.agenda.page_failed(here.steady);
  CHECK_FALSE(here.agenda.next_page(here.now, here.steady));
  here.pass(5s);
  CHECK(here.fire_all().size() == 35);
}

TEST_CASE("no more are in flight than the limit") {
  desk here(small());
  for (int i = 0; i < 9; ++i) here.set(desk::at(1s, "a" + std::to_string(i)));
  here.pass(2s);
  auto const first = here.take();
  CHECK(first.size() == 4);
  CHECK(here.take().empty());
  here.agenda.fired(first[2]);
  CHECK(here.take() == places{desk::at(1s, "a4")});
}

TEST_CASE("those that were due before the start fire at the rate allowed") {
  auto how = timer_options{};
  how.late_per_second = 100;
  desk here(how);
  for (int i = 0; i < 500; ++i) here.index.insert(desk::at(-1s, "a" + std::to_string(i)));
  std::size_t fired = here.fire_all().size();
  CHECK(fired <= 1);
  for (int tenth = 0; tenth < 10; ++tenth) {
    here.pass(100ms);
    fired += here.fire_all().size();
  }
  CHECK(fired >= 99);
  CHECK(fired <= 101);
  here.pass(60s);  // nothing is saved up beyond a tenth of a second
  CHECK(here.fire_all().size() <= 11);
}

TEST_CASE("those that come due while the runtime runs are not limited in their rate") {
  auto how = timer_options{};
  how.late_per_second = 1;
  desk here(how);
  for (int i = 0; i < 200; ++i) here.set(desk::at(1s, "a" + std::to_string(i)));
  here.read();
  here.pass(1s);
  CHECK(here.fire_all().size() == 200);
}

TEST_CASE("a clock that leaps forward makes late timers, one that goes back makes nothing early") {
  auto how = timer_options{};
  how.late_per_second = 10;
  desk here(how);
  for (int i = 0; i < 100; ++i) here.set(desk::at(1h, "a" + std::to_string(i)));
  here.set(desk::at(3h, "later"));
  here.fire_all();
  here.now += 2h;
  CHECK(here.fire_all().size() <= 2);
  here.pass(1s);
  CHECK(here.fire_all().size() >= 1);
  here.now -= 2h;
  here.pass(10s);
  CHECK(here.fire_all().empty());
  here.pass(3h);
  for (int i = 0; i < 200; ++i) {
    here.pass(100ms);
    here.fire_all();
  }
  CHECK(here.index.empty());
}
