#include <evoke/testing_process.hpp>

#include <catch2/catch.hpp>

#include "tests/model/sample_process.hpp"

using namespace evoke;
using namespace journeys;
using evoke::testing::mismatch;
using evoke::testing::process_of;

namespace {

auto const full = rejection::conflict("full", "Nothing is free");
auto const hold_room = to<place>("hotel", hold{"t-1"});
auto const release_room = to<place>("hotel", release{"t-1"});
auto const hold_seat = to<place>("plane", hold{"t-1"});
auto const release_seat = to<place>("plane", release{"t-1"});

auto begun() {
  return process_of<journey>().when<trip>("t-1", trip_requested{"hotel", "plane"});
}

}  // namespace

TEST_CASE("a process orders one step after another and completes behind the last") {
  begun()
      .then_orders({{"room", hold_room}})
      .step_succeeds("room")
      .then_orders({{"seat", hold_seat}})
      .step_succeeds("seat")
      .then_orders({{"confirm", to<trip>("t-1", confirm_trip{})}})
      .then_status(process_status::running)
      .step_succeeds("confirm")
      .then_orders({})
      .then_status(process_status::completed)
      .then_state({"t-1", "hotel", "plane", {}, "done"});
}

TEST_CASE("a failed step undoes the others, the latest first and one at a time") {
  begun()
      .step_succeeds("room")
      .step_succeeds("seat")
      .step_rejected("confirm", rejection::conflict("no", "No"))
      .then_status(process_status::compensating)
      .then_undoes({{"seat", release_seat}})
      .undo_succeeds("seat")
      .then_undoes({{"room", release_room}})
      .undo_succeeds("room")
      .then_orders({})
      .then_status(process_status::failed)
      .then_state({"t-1", "hotel", "plane", {}, "undone"});
}

TEST_CASE("a step that timed out counts as perhaps done and is undone") {
  begun().step_times_out("room").then_undoes({{"room", release_room}}).undo_succeeds("room").then_status(process_status::failed);
}

TEST_CASE("undoing goes on past what fails, and a person can have it tried again") {
  auto stuck = begun().step_succeeds("room").step_succeeds("seat").step_rejected("confirm", full).undo_rejected("seat", full);
  stuck.then_undoes({{"room", release_room}}).undo_succeeds("room").then_status(process_status::compensation_failed);
  stuck.retry().then_status(process_status::compensating).then_undoes({{"seat", release_seat}});
  stuck.undo_succeeds("seat").then_status(process_status::failed);
}

TEST_CASE("a rejected step without others leaves nothing to undo") {
  begun().step_rejected("room", full).then_orders({}).then_status(process_status::failed);
}

TEST_CASE("events find their instance by correlate, and only a starting one makes one") {
  process_of<journey>().when<trip>("t-1", annotated{"early"}).then_no_instance("t-1").then_orders({});
  begun().when<trip>("t-1", annotated{"nobody"}).then_orders({}).then_state({"t-1", "hotel", "plane", {}, ""});
  begun().when<trip>("t-1", annotated{"somebody"}).then_state({"t-1", "hotel", "plane", {"somebody"}, ""});
}

TEST_CASE("an event that has been handled is not handled again, nor one for an instance that has ended") {
  auto ended = begun().step_rejected("room", full);
  ended.when<trip>("t-1", trip_requested{"other", "other"}).then_orders({}).then_status(process_status::failed);
}

TEST_CASE("an expectation about a process that is not met says what was and what should have been") {
  auto const said = [](auto check) {
    try {
      check();
    } catch (mismatch const& what) {
      return std::string(what.what());
    }
    return std::string("nothing");
  };
  CHECK(said([] { begun().then_orders({}); }).find("hold to place/hotel") != std::string::npos);
  CHECK(said([] { begun().then_status(process_status::failed); }).find("running") != std::string::npos);
  CHECK(said([] { begun().then_state({}); }).find("first difference") != std::string::npos);
  CHECK(said([] { begun().step_succeeds("seat"); }).find("no step 'seat' is open") != std::string::npos);
  CHECK(said([] { begun().undo_succeeds("room"); }).find("no undoing of step 'room'") != std::string::npos);
  CHECK(said([] { begun().timer_fires("late"); }).find("timer 'late' is not set") != std::string::npos);
  CHECK(said([] { begun().then_no_instance("t-1"); }).find("there is an instance 't-1'") != std::string::npos);
  CHECK(said([] { begun().then_timers({{"late", {}}}); }).find("late") != std::string::npos);
}
