#include "tests/examples/http_client.hpp"
#include "tests/examples/server_process.hpp"

#include <nlohmann/json.hpp>

#include <catch2/catch.hpp>

#include <csignal>
#include <fstream>

namespace {

using nlohmann::json;
using tests::child_process;
using tests::head_of;
using tests::scratch_directory;
using tests::server_process;

struct ended {
  int code;
  std::string output;
};

ended load(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), EVOKE_LOAD_PROGRAM);
  child_process process(std::move(arguments));
  auto const code = process.wait();
  return {code, process.output()};
}

json read_json(std::filesystem::path const& file) {
  std::ifstream in(file);
  return json::parse(in);
}

/// A server with an empty store.
struct world {
  scratch_directory scratch;
  server_process server{{"--data", (scratch.path() / "data").string(), "--no-sample-data"}};
  std::string url = server.url();
  std::string result = (scratch.path() / "result.json").string();
};

}  // namespace

TEST_CASE("evoke-load: what a server acknowledged is in its log") {
  world w;
  auto const run = load({w.url, "--seconds", "0.5", "--warmup", "0.2", "--keys", "100", "--connections", "16", "--json", w.result});
  INFO(run.output);
  REQUIRE(run.code == 0);
  CHECK_THAT(run.output, Catch::Contains("add_cart_item") && Catch::Contains("closed loop"));
  auto const out = read_json(w.result);
  auto const& operations = out.at("operations");
  CHECK(operations.at("count").get<int>() > 0);
  CHECK(operations.at("failed") == 0);
  CHECK(operations.at("prepared") == 100);
  CHECK(out.at("journal").at("events") == operations.at("acknowledged_in_all"));
  CHECK(head_of(w.url) == 100 + operations.at("acknowledged_in_all").get<std::uint64_t>());
}

TEST_CASE("evoke-load: each command of a batch is counted, and is in the log") {
  world w;
  auto const run =
      load({w.url, "--batch", "30", "--seconds", "0.5", "--warmup", "0.2", "--keys", "100", "--connections", "4", "--json", w.result});
  INFO(run.output);
  REQUIRE(run.code == 0);
  CHECK_THAT(run.output, Catch::Contains("30 commands a call"));
  auto const out = read_json(w.result);
  auto const& operations = out.at("operations");
  CHECK(operations.at("failed") == 0);
  CHECK(operations.at("prepared") == 100);
  CHECK(operations.at("by_status") == json{{"200", operations.at("count")}});
  CHECK(operations.at("acknowledged_in_all").get<std::uint64_t>() % 30 == 0);
  CHECK(out.at("journal").at("events") == operations.at("acknowledged_in_all"));
  CHECK(head_of(w.url) == 100 + operations.at("acknowledged_in_all").get<std::uint64_t>());
}

TEST_CASE("evoke-load: batches of commands with keys, and of what is no command") {
  world w;
  auto const file = (w.scratch.path() / "mine.json").string();
  std::ofstream(file) << R"({"key_prefix":"k-","keys":10,
    "operations":[{"aggregate":"cart","command":"create_cart","id":"{uuid}","idempotency_key":"{uuid}","body":{"user_account_id":"u"}},
                  {"aggregate":"cart","command":"check_out"}]})";
  auto const run = load({w.url, "--workload", file, "--batch", "7", "--seconds", "0.3", "--warmup", "0", "--connections", "2"});
  INFO(run.output);
  CHECK(run.code == 0);
  CHECK_THAT(run.output, Catch::Contains("create_cart") && Catch::Contains(" x 404") && !Catch::Contains("errors"));
  auto const other = load({w.url, "--workload", "reads", "--batch", "7"});
  CHECK(other.code == 2);
  CHECK_THAT(other.output, Catch::Contains("is no command"));
}

TEST_CASE("evoke-load: a constant rate with followers, a second time over the same store") {
  world w;
  std::vector<std::string> const asked{w.url, "--rate",        "400", "--seconds",   "0.5",   "--warmup",
                                       "0.2", "--workload",    "hot", "--followers", "1",     "--log-followers",
                                       "2",   "--connections", "8",   "--json",      w.result};
  REQUIRE(load(asked).code == 0);
  auto const run = load(asked);
  INFO(run.output);
  REQUIRE(run.code == 0);
  auto const out = read_json(w.result);
  CHECK(out.at("operations").at("count") == 200);
  CHECK(out.at("operations").at("prepared") == 0);
  CHECK(out.at("operations").at("acknowledged_in_all") == 280);
  CHECK(out.at("latency_us").at("count") == 200);
  CHECK(out.at("followers").at("events").get<int>() > 400);
  CHECK(out.at("followers").at("events").get<int>() <= 840);
  CHECK(out.at("followers").at("latency_us").at("p50").get<double>() > 0);
}

TEST_CASE("evoke-load: every built-in workload runs against evoke-server") {
  world w;
  for (auto const* each : {"adds", "catalog", "circles", "hot", "mixed", "orders", "raw", "reads"}) {
    auto const run = load({w.url, "--workload", each, "--seconds", "0.1", "--warmup", "0", "--keys", "20", "--connections", "4"});
    INFO(run.output);
    CHECK(run.code == 0);
    CHECK_THAT(run.output, !Catch::Contains("errors"));
  }
}

TEST_CASE("evoke-load: nothing but JSON on standard output when asked, and the mix of a file of one's own") {
  world w;
  auto const file = (w.scratch.path() / "mine.json").string();
  std::ofstream(file) << R"({"key_prefix":"k","keys":10,
    "prepare":[{"aggregate":"cart","command":"create_cart","body":{"user_account_id":"u-{key_number}"}}],
    "operations":[{"kind":"get","path":"/v1/aggregates/cart?limit=5","name":"list"},
                  {"aggregate":"cart","command":"add_cart_item","idempotency_key":"{uuid}",
                   "body":"{\"product_id\":\"p-{random:1..3}\",\"quantity\":{random:1..3},\"unit_price\":1}"}]})";
  auto const run = load({w.url, "--workload", file, "--seconds", "0.3", "--warmup", "0", "--connections", "4", "--json", "/dev/null"});
  INFO(run.output);
  CHECK(run.code == 0);
  CHECK_THAT(run.output, Catch::Contains("list") && Catch::Contains("add_cart_item") && !Catch::Contains("errors"));
}

TEST_CASE("evoke-load: with a signal it ends and prints what it measured") {
  world w;
  child_process process(
      {EVOKE_LOAD_PROGRAM, w.url, "--seconds", "600", "--warmup", "0", "--keys", "10", "--connections", "4", "--json", w.result});
  while (head_of(w.url) < 100) REQUIRE(process.running());
  process.send(SIGINT);
  CHECK(process.wait() == 1);
  INFO(process.output());
  CHECK_THAT(process.output(), Catch::Contains("ended by a signal") && Catch::Contains("add_cart_item"));
  auto const out = read_json(w.result);
  CHECK(out.at("interrupted") == true);
  CHECK(out.at("operations").at("count").get<int>() > 0);
}

TEST_CASE("evoke-load: a server that is killed is told") {
  world w;
  child_process process({EVOKE_LOAD_PROGRAM, w.url, "--seconds", "600", "--warmup", "0", "--keys", "10", "--connections", "4"});
  while (head_of(w.url) < 100) REQUIRE(process.running());
  w.server.process().send(SIGKILL);
  CHECK(process.wait() == 1);
  CHECK_THAT(process.output(), Catch::Contains("the run ended early") && Catch::Contains("cannot connect"));
}

TEST_CASE("evoke-load: a server that is not there, a workload that does not fit, a workload that is none") {
  world w;
  auto const file = (w.scratch.path() / "bad.json").string();
  std::ofstream(file) << R"({"operations":[{"aggregate":"cart","command":"add_cart_item","body":{"a":"{nonesuch}"}}]})";
  auto const bad = load({w.url, "--workload", file});
  CHECK(bad.code == 2);
  CHECK_THAT(bad.output, Catch::Contains(file) && Catch::Contains("operations[0].body") && Catch::Contains("{nonesuch}"));

  auto const none = load({w.url, "--workload", "nonesuch"});
  CHECK(none.code == 2);
  CHECK_THAT(none.output, Catch::Contains("neither a workload nor a file"));

  std::ofstream(file) << R"({"operations":[{"aggregate":"cart","command":"nonesuch"}]})";
  auto const unknown = load({w.url, "--workload", file, "--seconds", "0.1", "--warmup", "0"});
  CHECK(unknown.code == 1);
  CHECK_THAT(unknown.output, Catch::Contains("answers were errors; the first: nonesuch was answered 404"));

  w.server.process().send(SIGTERM);
  REQUIRE(w.server.process().wait() == 0);
  auto const gone = load({w.url});
  CHECK(gone.code == 1);
  CHECK_THAT(gone.output, Catch::Contains("cannot connect"));
}

TEST_CASE("evoke-load: embedded, in a directory that is made") {
  scratch_directory const scratch;
  auto const result = (scratch.path() / "result.json").string();
  auto const run =
      load({"--embedded", (scratch.path() / "store").string(), "--seconds", "0.3", "--warmup", "0", "--keys", "20", "--json", result});
  INFO(run.output);
  REQUIRE(run.code == 0);
  auto const out = read_json(result);
  CHECK(out.at("journal").at("events") == out.at("operations").at("acknowledged_in_all"));
  CHECK(out.at("settings").at("embedded") == true);
}
