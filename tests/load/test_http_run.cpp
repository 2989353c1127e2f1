#include "bench/load/http_run.hpp"
#include "bench/load/report.hpp"

#include "fake_server.hpp"

#include <catch2/catch.hpp>

using namespace evoke::load;
using namespace std::chrono_literals;
using tests::fake_server;

namespace {

onlooker const nobody{false, [](tally const&, steady::time_point) {}, [] { return false; }, [](int) { return true; }};

assignment some_load(double rate, double seconds = 1) {
  settings given;
  given.workload = "adds";
  given.connections = 1;
  given.rate = rate;
  given.seconds = seconds;
  given.warmup = 0;
  given.keys = 10;
  given.prepare = false;
  return assign(given).value();
}

fake_server::behaviour stalling() {
  return {.stall_at = 50, .stall = 200ms};
}

double milliseconds(std::uint64_t nanoseconds) {
  return static_cast<double>(nanoseconds) / 1e6;
}

}  // namespace

TEST_CASE("a server's stall is one slow operation to a closed loop") {
  fake_server const server(stalling());
  auto const found = run_over_http(some_load(0), server.address(), nobody).value();
  auto const total = found.measured.total();
  REQUIRE(total.count > 200);
  CHECK(milliseconds(total.latency_ns.max()) >= 200);
  CHECK(milliseconds(total.latency_ns.value_at(0.99)) < 100);
}

TEST_CASE("the same stall is every operation that was due in it to an open loop, though the one connection was busy") {
  fake_server const server(stalling());
  auto const found = run_over_http(some_load(500), server.address(), nobody).value();
  auto const total = found.measured.total();
  CHECK(total.count == 500);
  CHECK(server.requests() == 500);
  CHECK(found.measured.unsent() == 0);
  // A fifth of all was due while it stalled, at even intervals: the last tenth of the answers waited for half of the stall or longer.
  CHECK(milliseconds(total.latency_ns.value_at(0.91)) >= 90);
  CHECK(milliseconds(total.latency_ns.value_at(0.99)) >= 150);
  CHECK(milliseconds(total.latency_ns.max()) >= 199);
}

TEST_CASE("with patience, what waited too long for a connection is given up, and nothing waits longer") {
  fake_server const server(stalling());
  auto load = some_load(500);
  load.given.patience_ms = 50;
  auto const found = run_over_http(load, server.address(), nobody).value();
  auto const total = found.measured.total();
  // Of the 100 that were due in the stall, those of its last 50 ms were still wanted at its end.
  CHECK(found.measured.given_up() >= 50);
  CHECK(total.count + found.measured.given_up() == 500);
  CHECK(found.measured.unsent() == 0);
  CHECK(server.requests() == total.count);
  // All but the one that was sent before the stall.
  CHECK(milliseconds(total.latency_ns.value_at(0.99)) < 100);
}

TEST_CASE("what comes faster than connections can carry it queues in the client and counts") {
  fake_server const server({.stall_at = 1, .stall = 1'400ms});
  auto const found = run_over_http(some_load(1'000, 0.2), server.address(), nobody).value();
  // One is answered behind the stall; the second in which the rest may be sent is over by then.
  CHECK(found.measured.total().count == 1);
  CHECK(found.measured.unsent() == 199);
  CHECK(found.measured.total().latency_ns.count() == 200);
  CHECK(milliseconds(found.measured.total().latency_ns.min()) >= 1'000);
  // While all connections are busy the client sleeps: what it spent would be missing to the server.
  CHECK(found.client_cpu_us < 50'000);
  CHECK(found.measured.lost() == 0);
}

TEST_CASE("several requests are in flight on a connection when told so") {
  fake_server const server({});
  auto todo = some_load(0, 0.2);
  todo.given.pipeline = 8;
  todo.given.connections = 3;
  auto const found = run_over_http(todo, server.address(), nobody).value();
  CHECK(found.measured.total().count > 24);
  CHECK(found.measured.lost() == 0);
  CHECK(found.measured.by_operation()[0].accepted_in_all == server.requests());
}

TEST_CASE("a server that goes away in mid-run is told, with what was measured until then") {
  fake_server const server({.leave_at = 100});
  auto todo = some_load(0, 10);
  todo.given.connections = 4;
  auto const found = run_over_http(todo, server.address(), nobody).value();
  CHECK_THAT(found.trouble, Catch::Contains("cannot connect"));
  CHECK(found.measured.total().count >= 90);
  CHECK(found.measured.lost() >= 1);
  CHECK(found.seconds < 9);
  CHECK_FALSE(all_measured(found));
  CHECK_THAT(report_troubles(todo, found), Catch::Contains("ended early"));
}

TEST_CASE("a server that is not there is an error at once") {
  replay::server_address gone;
  {
    fake_server const server({});
    gone = server.address();
  }
  auto const found = run_over_http(some_load(0), gone, nobody);
  REQUIRE_FALSE(found.has_value());
  CHECK_THAT(found.error().message, Catch::Contains("cannot connect to 127.0.0.1"));
}

TEST_CASE("answers that are errors count as such, and the first is kept") {
  fake_server const server({.answer = "HTTP/1.1 503 Busy\r\nContent-Length: 4\r\n\r\nbusy"});
  auto const todo = some_load(200, 0.2);
  auto const found = run_over_http(todo, server.address(), nobody).value();
  CHECK(found.measured.total().failed == 40);
  CHECK(found.measured.by_code()[503] == 40);
  CHECK(found.measured.total().latency_ns.count() == 0);
  CHECK_FALSE(all_measured(found));
  CHECK_THAT(report_troubles(todo, found), Catch::Contains("add_cart_item was answered 503: busy"));
}

TEST_CASE("what cannot be prepared stops before the run") {
  fake_server const server({.answer = "HTTP/1.1 404 No\r\nContent-Length: 4\r\n\r\nnope"});
  auto todo = some_load(0);
  todo.given.prepare = true;
  auto const found = run_over_http(todo, server.address(), nobody);
  REQUIRE_FALSE(found.has_value());
  CHECK_THAT(found.error().message, Catch::Contains("preparing 'adds'") && Catch::Contains("404: nope"));
}

TEST_CASE("what answers in something else than HTTP is a broken connection") {
  fake_server const server({.answer = "220 mail ready\r\n"});
  auto const found = run_over_http(some_load(20, 0.2), server.address(), nobody).value();
  CHECK(found.measured.lost() == 4);
  CHECK_FALSE(all_measured(found));
}

TEST_CASE("a connection that the server ends behind its answer is made again, and nothing is lost") {
  fake_server const server({.answer = "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}"});
  auto const found = run_over_http(some_load(100, 0.2), server.address(), nobody).value();
  CHECK(found.measured.total().count == 20);
  CHECK(found.measured.lost() == 0);
}

TEST_CASE("a run that is stopped tells what it measured") {
  fake_server const server({});
  auto const stop_soon = onlooker{false, [](tally const&, steady::time_point) {}, [&] { return server.requests() >= 50; }, nobody.pin};
  auto const found = run_over_http(some_load(0, 600), server.address(), stop_soon).value();
  CHECK(found.interrupted);
  CHECK(found.measured.total().count >= 49);
  CHECK(found.seconds < 60);
  CHECK(found.measured.lost() == 0);
}

namespace {

/// Two commands a call, each answered by the same of `outcomes`.
assignment in_pairs(double rate = 200) {
  auto todo = some_load(rate, 0.2);
  todo.given.batch = 2;
  return todo;
}
fake_server::behaviour always(std::string const& status, std::string const& body) {
  return {.answer = "HTTP/1.1 " + status + "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body};
}

}  // namespace

TEST_CASE("each command of a batch is counted by its own outcome") {
  fake_server const server(always(
      "200 OK", R"({"outcomes":[{"status":200,"version":1},{"type":"https://e.example/problems/overloaded","title":"x","status":503}]})"));
  auto const todo = in_pairs();
  auto const found = run_over_http(todo, server.address(), nobody).value();
  // The rate is of commands.
  CHECK(server.requests() == 20);
  CHECK(found.measured.total().count == 40);
  CHECK(found.measured.total().failed == 20);
  CHECK(found.measured.by_code()[200] == 20);
  CHECK(found.measured.by_code()[503] == 20);
  CHECK(found.measured.total().latency_ns.count() == 20);
  CHECK_THAT(report_troubles(todo, found), Catch::Contains("add_cart_item was answered 503") && Catch::Contains("overloaded"));
}

TEST_CASE("a no of the domain in a batch is a rejection as in an answer of its own") {
  fake_server const server(always("200 OK", R"({"outcomes":[{"type":"https://e.example/problems/rejection#a","title":"x","status":422},
                                                            {"type":"https://e.example/problems/unknown-type","title":"x","status":404}]})"));
  auto const total = run_over_http(in_pairs(), server.address(), nobody).value().measured.total();
  CHECK(total.rejected == 20);
  CHECK(total.failed == 20);
}

TEST_CASE("a batch that is refused as a whole counts for each of its commands") {
  for (auto const* body : {"busy", R"({"status":503,"outcomes":[{"status":503},{"status":503}]})"}) {
    fake_server const server(always("503 Busy", body));
    auto const found = run_over_http(in_pairs(), server.address(), nobody).value();
    CHECK(found.measured.total().failed == 40);
    CHECK(found.measured.by_code()[503] == 40);
  }
}

TEST_CASE("an answer that does not tell of each command of a batch is none") {
  for (auto const* body : {"{}", "ok", R"({"outcomes":[{"status":200}]})", R"({"outcomes":[{"status":200},{}]})"}) {
    INFO(body);
    fake_server const server(always("200 OK", body));
    auto const todo = in_pairs();
    auto const found = run_over_http(todo, server.address(), nobody).value();
    CHECK(found.measured.lost() == 40);
    CHECK(found.measured.total().count == 0);
    CHECK_FALSE(all_measured(found));
  }
}

TEST_CASE("what a batch could not send in time is unsent, or given up, command by command") {
  fake_server const server({.stall_at = 1, .stall = 1'400ms});
  auto const found = run_over_http(in_pairs(1'000), server.address(), nobody).value();
  CHECK(found.measured.unsent() == 198);
  CHECK(found.measured.lost() == 2);
  auto impatient = in_pairs(1'000);
  impatient.given.patience_ms = 50;
  fake_server const again({.stall_at = 1, .stall = 1'400ms});
  CHECK(run_over_http(impatient, again.address(), nobody).value().measured.given_up() == 198);
}

TEST_CASE("what is no command is not sent in batches") {
  fake_server const server({});
  for (auto const* workload : {"reads", "raw", "mixed"}) {
    INFO(workload);
    auto todo = in_pairs();
    todo.work = find_workload(workload).value();
    auto const found = run_over_http(todo, server.address(), nobody);
    REQUIRE_FALSE(found.has_value());
    CHECK(found.error().code == evoke::errc::invalid_argument);
  }
  CHECK(server.requests() == 0);
}
