#include "bench/load/embedded_run.hpp"
#include "bench/load/report.hpp"

#include "server/domains.hpp"
#include "tests/examples/server_process.hpp"

#include <catch2/catch.hpp>

using namespace evoke::load;

namespace {

onlooker const nobody{false, [](tally const&, steady::time_point) {}, [] { return false; }, [](int) { return true; }};

assignment in_memory(std::string const& workload, double rate = 0) {
  settings given;
  given.embedded = given.in_memory = true;
  given.workload = workload;
  given.connections = 16;
  given.rate = rate;
  given.seconds = 0.3;
  given.warmup = 0.1;
  given.keys = 50;
  return assign(given).value();
}

std::uint64_t acknowledged(findings const& found) {
  return found.measured.by_operation()[0].accepted_in_all;
}

}  // namespace

TEST_CASE("embedded: what was acknowledged is what the journal holds when it is opened again") {
  tests::scratch_directory const scratch;
  auto todo = in_memory("adds");
  todo.given.in_memory = false;
  todo.given.directory = (scratch.path() / "store").string();
  auto const found = run_embedded(todo, nobody).value();
  CHECK(found.measured.total().count > 0);
  CHECK(found.measured.total().count == found.measured.accepted_in_time());
  CHECK(found.prepared == 50);
  CHECK(acknowledged(found) == found.stored_events);
  CHECK(all_measured(found));

  evoke::runtime_options options;
  options.data = todo.given.directory;
  auto const again = evoke::runtime::start(server::domain_types().value(), options).value();
  CHECK(again->info().head.value() == found.prepared + acknowledged(found));
  again->stop(std::chrono::seconds(10));
}

TEST_CASE("embedded: a call of several commands counts each of them") {
  auto todo = in_memory("adds");
  todo.given.batch = 25;
  auto const found = run_embedded(todo, nobody).value();
  CHECK(found.measured.total().count > 0);
  CHECK(acknowledged(found) == found.stored_events);
  CHECK(acknowledged(found) % 25 == 0);
}

TEST_CASE("embedded: at a rate there are as many operations as were due") {
  auto const found = run_embedded(in_memory("adds", 1'000), nobody).value();
  CHECK(found.measured.total().count + found.measured.unsent() == 300);
  CHECK(found.measured.unsent() == 0);
  CHECK(acknowledged(found) == 400);
  CHECK(found.stored_events == 400);
}

TEST_CASE("embedded: followers hear what was committed") {
  auto todo = in_memory("hot", 500);
  todo.given.followers = 1;
  todo.given.log_followers = 2;
  auto const found = run_embedded(todo, nobody).value();
  CHECK(found.followers.events == found.followers.age_ns.count());
  // 150 of them in the window, each heard three times; at its ends some more or less.
  CHECK(found.followers.events > 300);
  CHECK(found.followers.events <= 600);
}

TEST_CASE("embedded: every built-in workload runs without a failure") {
  for (auto const& each : builtin_workloads()) {
    INFO(each.name);
    auto todo = in_memory(std::string(each.name));
    todo.given.warmup = 0;
    todo.given.seconds = 0.1;
    auto const found = run_embedded(todo, nobody).value();
    INFO(found.measured.first_error());
    CHECK(found.measured.failed() == 0);
    CHECK(all_measured(found));
  }
}

TEST_CASE("embedded: a run that is stopped tells what it measured") {
  auto todo = in_memory("adds");
  todo.given.seconds = 600;
  todo.given.warmup = 0;
  int asked = 0;
  auto const later = onlooker{false, nobody.look, [&asked] { return ++asked > 5; }, nobody.pin};
  auto const found = run_embedded(todo, later).value();
  CHECK(found.interrupted);
  CHECK(found.seconds < 60);
  CHECK(acknowledged(found) == found.stored_events);
}

TEST_CASE("embedded: what the library has not is refused before anything is opened") {
  auto todo = in_memory("adds");
  todo.work = parse_workload(R"({"operations":[{"kind":"get","path":"/v1/info"}]})").value();
  auto const found = run_embedded(todo, nobody);
  REQUIRE_FALSE(found.has_value());
  CHECK(found.error().code == evoke::errc::invalid_argument);
}

TEST_CASE("embedded: what cannot be prepared stops before the run") {
  auto todo = in_memory("adds");
  todo.work = parse_workload(R"({"prepare":[{"aggregate":"cart","command":"nonesuch"}],
                                 "operations":[{"aggregate":"cart","command":"check_out"}]})")
                  .value();
  auto const found = run_embedded(todo, nobody);
  REQUIRE_FALSE(found.has_value());
  CHECK_THAT(found.error().message, Catch::Contains("nonesuch"));
}

TEST_CASE("embedded: failures are counted, and callers go on") {
  auto todo = in_memory("adds");
  todo.work =
      parse_workload(R"({"operations":[{"aggregate":"nonesuch","command":"a"},{"aggregate":"cart","command":"check_out"}]})").value();
  auto const found = run_embedded(todo, nobody).value();
  CHECK(found.measured.by_operation()[0].failed > 16);
  CHECK(found.measured.by_operation()[1].rejected > 16);
  CHECK_THAT(found.measured.first_error(), Catch::Contains("unknown_type"));
}
