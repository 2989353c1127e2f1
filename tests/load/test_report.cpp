#include "bench/load/figures.hpp"
#include "bench/load/live_display.hpp"
#include "bench/load/report.hpp"

#include <nlohmann/json.hpp>

#include <catch2/catch.hpp>

using namespace evoke::load;
using namespace std::chrono_literals;
using nlohmann::json;

namespace {

steady::time_point const start{1'000s};

assignment some_assignment() {
  settings given;
  given.url = "http://127.0.0.1:1";
  given.workload = "mixed";
  given.rate = 100;
  given.server_process = 1;
  given.log_followers = 1;
  return assign(given).value();
}

/// Two seconds: a hundred states of 1 ms and one rejected command of 5 ms.
findings some_findings(assignment const& todo) {
  window const times{start, start, start + 2s, true};
  findings found{.measured = tally(times, todo.work.operations.size())};
  for (int i = 0; i < 100; ++i) found.measured.note({0, outcome::accepted, 200, start + i * 10ms, start + i * 10ms + 1ms});
  found.measured.note({3, outcome::rejected, 422, start + 1s, start + 1s + 5ms});
  found.seconds = 2;
  found.prepared = 10;
  found.client_cpu_us = 1'010;
  found.server_cpu_us = 2'020;
  found.server_rss = 1'000'000;
  found.stored_events = 7;
  found.followers.events = 3;
  found.followers.age_ns.record(2'000'000, 3);
  return found;
}

}  // namespace

TEST_CASE("the JSON has what the suites read") {
  auto const todo = some_assignment();
  auto const text = report_json(todo, some_findings(todo));
  CHECK(text.back() == '\n');
  auto const out = json::parse(text);
  CHECK(out.at("tool") == "evoke-load");
  CHECK(out.at("seconds") == 2.0);
  auto const& given = out.at("settings");
  CHECK(given.at("workload") == "mixed");
  CHECK(given.at("keys") == 10'000);
  CHECK(given.at("distribution") == "zipf:1.1");
  CHECK(given.at("payload") == 19);
  for (auto const* name : {"url", "embedded", "connections", "rate", "seconds", "warmup", "pipeline", "batch", "followers", "log_followers",
                           "durability", "seed"}) {
    INFO(name);
    CHECK(given.contains(name));
  }
  auto const& operations = out.at("operations");
  CHECK(operations.at("count") == 101);
  CHECK(operations.at("per_second") == 50.5);
  CHECK(operations.at("accepted_per_second") == 50.0);
  CHECK(operations.at("failed") == 0);
  CHECK(operations.at("rejected") == 1);
  CHECK(operations.at("acknowledged_in_all") == 0);
  CHECK(operations.at("prepared") == 10);
  CHECK(operations.at("by_status") == json({{"200", 100}, {"422", 1}}));
  auto const& latency = out.at("latency_us");
  CHECK(latency.at("count") == 101);
  CHECK(latency.at("min") == 1'000.0);
  CHECK(latency.at("max") == 5'000.0);
  CHECK(latency.at("p50").get<double>() == Approx(1'000).epsilon(0.01));
  CHECK(latency.at("p999").get<double>() == Approx(5'000).epsilon(0.01));
  CHECK(latency.at("mean").get<double>() == Approx((100 * 1'000 + 5'000) / 101.0).epsilon(0.001));
  REQUIRE(latency.at("histogram").size() == 2);
  CHECK(latency.at("histogram")[0][1] == 100);
  CHECK(latency.at("histogram")[1][1] == 1);
  CHECK(out.at("by_operation").size() == 4);
  CHECK(out.at("by_operation").at("state").at("count") == 100);
  CHECK(out.at("by_operation").at("remove_cart_item").at("latency_us").at("max") == 5'000.0);
  CHECK(out.at("followers").at("events") == 3);
  CHECK(out.at("followers").at("latency_us").at("p50") == 2'000.0);
  REQUIRE(out.at("timeline").size() == 2);
  CHECK(out.at("timeline")[0] == json({{"second", 0}, {"count", 100}, {"p50_us", 1'000.0}, {"p99_us", 1'000.0}}));
  CHECK(out.at("timeline")[1].at("count") == 1);
  CHECK(out.at("client").at("cpu_us_per_operation") == 10.0);
  CHECK(out.at("server").at("cpu_us_per_operation") == 20.0);
  CHECK(out.at("server").at("rss_bytes") == 1'000'000);
  CHECK(out.at("journal").at("events") == 7);
}

TEST_CASE("a run without a second in it is written without dividing by it") {
  auto const todo = some_assignment();
  findings found{.measured = tally({start, start, start, false}, todo.work.operations.size())};
  found.trouble = "gone";
  auto const out = json::parse(report_json(todo, found));
  CHECK(out.at("operations").at("per_second") == 0.0);
  CHECK(out.at("trouble") == "gone");
  CHECK_FALSE(report_table(todo, found).empty());
}

TEST_CASE("the table has a line for each operation and one for all") {
  auto const todo = some_assignment();
  auto const text = report_table(todo, some_findings(todo));
  for (auto const* wanted :
       {"state", "remove_cart_item", "all ", "events at followers", "1.00 ms", "5.00 ms", "422", "open loop at 100/s"}) {
    INFO(text);
    CHECK_THAT(text, Catch::Contains(wanted));
  }
}

TEST_CASE("what spoils the figures is told, and a whole run has nothing to tell") {
  auto const todo = some_assignment();
  auto found = some_findings(todo);
  CHECK(report_troubles(todo, found).empty());
  CHECK(all_measured(found));
  found.measured.leave_unsent(start, start + 1s);
  CHECK_THAT(report_troubles(todo, found), Catch::Contains("1 operations were due and never sent"));
  CHECK(all_measured(found));
  found.measured.give_up(start + 1s);
  CHECK_THAT(report_troubles(todo, found), Catch::Contains("1 operations found no free connection in time"));
  found.measured.note({0, outcome::failed, 503, start + 1s, start + 1s});
  found.measured.note_error("state was answered 503");
  CHECK_THAT(report_troubles(todo, found), Catch::Contains("state was answered 503"));
  CHECK(all_measured(found));
  found.measured.lose();
  CHECK_THAT(report_troubles(todo, found), Catch::Contains("1 operations were sent and never answered"));
  CHECK_FALSE(all_measured(found));
}

TEST_CASE("a run in which every answer was an error measured nothing") {
  auto const todo = some_assignment();
  findings found{.measured = tally({start, start, start + 2s, false}, todo.work.operations.size())};
  CHECK_FALSE(all_measured(found));
  found.measured.note({0, outcome::failed, 503, start, start + 1s});
  CHECK_FALSE(all_measured(found));
  found.measured.note({0, outcome::accepted, 200, start, start + 1s});
  CHECK(all_measured(found));
  found.interrupted = true;
  CHECK_FALSE(all_measured(found));
  CHECK_THAT(report_troubles(todo, found), Catch::Contains("ended by a signal"));
}

TEST_CASE("followers of what writes nothing are refused, and a distribution that is none") {
  settings given;
  given.workload = "reads";
  given.followers = 1;
  CHECK_THAT(assign(given).error().message, Catch::Contains("--followers"));
  given.followers = 0;
  given.distribution = "even";
  CHECK_THAT(assign(given).error().message, Catch::Contains("'even'"));
}

TEST_CASE("the live line tells one second, and draws those before it") {
  tally so_far({start, start, start + 5s, false}, 1);
  for (int i = 0; i < 1'500; ++i) so_far.note({0, outcome::accepted, 200, start, start + 1ms});
  for (int i = 0; i < 3'000; ++i) so_far.note({0, outcome::accepted, 200, start + 1s, start + 1s + 2ms});
  so_far.lose();
  CHECK(live_line(so_far, 1) == "2 s  3,000/s  p50 2.00 ms  p99 2.00 ms  errors 1  ▅█");
  CHECK_THAT(live_line(so_far, 3), Catch::Contains("0/s"));
}

TEST_CASE("a sparkline shows the newest values by height") {
  CHECK(sparkline({}, 10).empty());
  CHECK(sparkline({0, 0}, 10) == "▁▁");
  CHECK(sparkline({100, 0, 7, 3.5}, 3) == "▁█▅");
}

TEST_CASE("figures are for people") {
  CHECK(grouped(0) == "0");
  CHECK(grouped(999.6) == "1,000");
  CHECK(grouped(1234567) == "1,234,567");
  CHECK(grouped(-1234) == "-1,234");
  CHECK(as_time(999) == "1.00 us");
  CHECK(as_time(12'340) == "12.3 us");
  CHECK(as_time(870'000) == "870 us");
  CHECK(as_time(999'600) == "1.00 ms");
  CHECK(as_time(2.5e9) == "2.50 s");
  CHECK(as_time(7.2e12) == "7200 s");
}
