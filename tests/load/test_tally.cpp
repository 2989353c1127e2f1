#include "bench/load/schedule.hpp"
#include "bench/load/tally.hpp"

#include <catch2/catch.hpp>

using namespace evoke::load;
using namespace std::chrono_literals;

namespace {

steady::time_point const start{1'000s};
window const closed{start, start + 1s, start + 3s, false};
window const open{start, start + 1s, start + 3s, true};

}  // namespace

TEST_CASE("operation n of a schedule is due at n/rate, whatever became of those before it") {
  schedule at(start, 1'000);
  CHECK(at.next_due() == start);
  CHECK(at.due(1'500) == start + 1'500ms);
  CHECK_FALSE(at.take(start - 1ns).has_value());
  CHECK(at.take(start) == start);
  CHECK_FALSE(at.take(start + 1ms - 1ns).has_value());
  // A stall of 100 ms: all that came due in it are there at once, each with its own time.
  for (int i = 1; i <= 100; ++i) CHECK(at.take(start + 100ms) == start + i * 1ms);
  CHECK_FALSE(at.take(start + 100ms).has_value());
}

TEST_CASE("a schedule does not drift, at odd rates and late numbers either") {
  schedule const at(start, 30'000);
  CHECK(at.due(30'000ULL * 3'600) == start + 3'600s);
  CHECK(schedule(start, 0.5).due(3) == start + 6s);
}

TEST_CASE("closed loop: what is answered within the window counts") {
  tally all(closed, 1);
  all.note({0, outcome::accepted, 200, start + 900ms, start + 999ms});
  all.note({0, outcome::accepted, 200, start + 990ms, start + 1s});
  all.note({0, outcome::accepted, 200, start + 2900ms, start + 2999ms});
  all.note({0, outcome::accepted, 200, start + 2900ms, start + 3s});
  CHECK(all.total().count == 2);
  CHECK(all.answered_in_time() == 2);
  CHECK(all.by_operation()[0].accepted_in_all == 4);
  CHECK(all.total().latency_ns.max() == 99'000'000);
  REQUIRE(all.timeline().size() == 2);
  CHECK(all.timeline()[0].count == 1);
  CHECK(all.timeline()[1].count == 1);
}

TEST_CASE("open loop: what was due within the window counts, whenever it is answered") {
  tally all(open, 1);
  all.note({0, outcome::accepted, 200, start + 999ms, start + 2s});
  all.note({0, outcome::accepted, 200, start + 1s, start + 2s});
  all.note({0, outcome::accepted, 200, start + 2s, start + 5s});
  all.note({0, outcome::accepted, 200, start + 3s, start + 4s});
  CHECK(all.total().count == 2);
  CHECK(all.answered_in_time() == 2);
  CHECK(all.total().latency_ns.max() == 3'000'000'000);
}

TEST_CASE("what was never sent has waited at least until now") {
  tally all(open, 1);
  all.leave_unsent(start + 2s, start + 4s);
  all.leave_unsent(start + 3s, start + 4s);
  CHECK(all.unsent() == 1);
  CHECK(all.total().count == 0);
  CHECK(all.total().latency_ns.count() == 1);
  CHECK(all.total().latency_ns.max() == 2'000'000'000);
}

TEST_CASE("failures have no latency, rejections have") {
  tally all(closed, 2);
  all.note({0, outcome::failed, 503, start + 1s, start + 2s});
  all.note({1, outcome::rejected, 422, start + 1s, start + 2s});
  all.note_error("first");
  all.note_error("second");
  auto const total = all.total();
  CHECK(total.count == 2);
  CHECK(total.failed == 1);
  CHECK(total.rejected == 1);
  CHECK(total.latency_ns.count() == 1);
  CHECK(all.failed() == 1);
  CHECK(all.accepted_in_time() == 0);
  CHECK(all.by_code()[503] == 1);
  CHECK(all.first_error() == "first");
}

TEST_CASE("tallies of several threads add up") {
  tally left(open, 2);
  tally right(open, 2);
  left.note({0, outcome::accepted, 200, start + 1s, start + 1s + 1ms});
  right.note({1, outcome::failed, 500, start + 1s, start + 2s + 1ms});
  right.note_error("why");
  right.lose();
  right.leave_unsent(start + 2s, start + 3s);
  left.merge(right);
  CHECK(left.total().count == 2);
  CHECK(left.by_operation()[1].failed == 1);
  CHECK(left.timeline().size() == 2);
  CHECK(left.by_code()[500] == 1);
  CHECK(left.lost() == 1);
  CHECK(left.unsent() == 1);
  CHECK(left.first_error() == "why");
}

TEST_CASE("a window that ends early leaves out what comes later") {
  tally all(closed, 1);
  all.end_at(start + 2s);
  all.note({0, outcome::accepted, 200, start + 1s, start + 2s});
  CHECK(all.total().count == 0);
}
