#include "http_client.hpp"
#include "server_process.hpp"

#include <catch2/catch.hpp>

#include <csignal>
#include <fstream>
#include <random>

namespace {

using tests::child_process;
using tests::head_of;
using tests::scratch_directory;
using tests::server_process;

std::vector<std::string> replay_of(std::string const& file, std::string const& url, std::string const& connections = "4") {
  return {EVOKE_REPLAY_PROGRAM, file, "--url", url, "--connections", connections, "--quiet"};
}

struct ended {
  int code;
  std::string output;
};

ended replay(std::string const& file, std::string const& url) {
  child_process process(replay_of(file, url));
  auto const code = process.wait();
  return {code, process.output()};
}

void require_agreement(ended const& run) {
  INFO(run.output);
  REQUIRE(run.code == 0);
  REQUIRE_THAT(run.output, Catch::Contains("  documents of the view carts compared"));
  REQUIRE_THAT(run.output, Catch::Contains("\nOK: "));
}

void require_that_nothing_is_written(std::string const& file, std::string const& url) {
  auto const before = head_of(url);
  auto const again = replay(file, url);
  require_agreement(again);
  CHECK_THAT(again.output, Catch::Contains("events written 0 in"));
  CHECK(head_of(url) == before);
}

/// Long enough that a kill in mid-replay is one: about 5,000 commands.
std::string long_orders(scratch_directory const& in) {
  auto const name = (in.path() / "long.csv").string();
  std::ofstream file(name);
  file << "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n";
  std::minstd_rand random(7);  // any will do, but the same each time
  for (int invoice = 0; invoice < 200; ++invoice) {
    for (int line = 0; line < 24; ++line) {
      file << "L" << invoice << ",p-" << random() % 40 << ",THING,";
      file << static_cast<int>(random() % 20) - 1 << ",03/02/2025 08:08," << random() % 30 << "." << random() % 100 << ",,\n";
    }
  }
  return name;
}

/// Waits, by asking the server again and again, until its log has come to `position`.
void wait_for_head(std::string const& url, std::uint64_t position) {
  while (head_of(url) < position) {
  }
}

TEST_CASE("the sample replays, a second replay writes nothing, and neither does one after kill -9") {
  scratch_directory scratch;
  std::vector<std::string> const data{"--data", (scratch.path() / "data").string()};
  {
    server_process server(data);
    auto const first = replay(EVOKE_SAMPLE_ORDERS, server.url());
    require_agreement(first);
    CHECK_THAT(first.output, Catch::Contains("0 of them replayed") && !Catch::Contains("events written 0 in"));
    CHECK(head_of(server.url()) > 0);
    require_that_nothing_is_written(EVOKE_SAMPLE_ORDERS, server.url());
    server.process().send(SIGKILL);
    CHECK(server.process().wait() == 128 + SIGKILL);
  }
  server_process restarted(data);
  require_that_nothing_is_written(EVOKE_SAMPLE_ORDERS, restarted.url());
}

TEST_CASE("a replay goes on where the server was killed, as soon as there is one again") {
  scratch_directory scratch;
  auto const orders = long_orders(scratch);
  std::vector<std::string> const data{"--data", (scratch.path() / "data").string(), "--durability", "os"};
  std::string authority;
  std::optional<child_process> running;
  {
    server_process server(data);
    authority = server.authority();
    running.emplace(replay_of(orders, server.url(), "8"));
    wait_for_head(server.url(), 1000);
    server.process().send(SIGKILL);
    CHECK(server.process().wait() == 128 + SIGKILL);
    REQUIRE(running->running());
  }
  server_process restarted(data, authority);
  auto const code = running->wait();
  require_agreement({code, running->output()});
  CHECK_THAT(running->output(), !Catch::Contains(" 0 requests repeated"));
  require_that_nothing_is_written(orders, restarted.url());
}

TEST_CASE("a replay that was killed itself is finished by the next") {
  scratch_directory scratch;
  auto const orders = long_orders(scratch);
  server_process server({"--in-memory"});
  {
    child_process interrupted(replay_of(orders, server.url(), "8"));
    wait_for_head(server.url(), 1000);
    interrupted.send(SIGKILL);
    CHECK(interrupted.wait() == 128 + SIGKILL);
  }
  auto const second = replay(orders, server.url());
  require_agreement(second);
  CHECK_THAT(second.output, !Catch::Contains("events written 0 in"));
  require_that_nothing_is_written(orders, server.url());
}

TEST_CASE("keys that the server does not know any more lead to no second write") {
  scratch_directory scratch;
  server_process server({"--in-memory"});
  require_agreement(replay(EVOKE_SAMPLE_ORDERS, server.url()));

  // The same orders behind others: all ordinals are new, and so are all keys.
  auto const moved = (scratch.path() / "moved.csv").string();
  {
    std::ifstream sample(EVOKE_SAMPLE_ORDERS, std::ios::binary);
    std::ofstream out(moved, std::ios::binary);
    std::string line;
    std::getline(sample, line);
    out << line << '\n';
    for (int i = 0; i < 500; ++i) out << "NEW,p" << i << ",,1,03/02/2025 08:08,1,,\n";
    out << sample.rdbuf();
  }
  auto const before = head_of(server.url());
  require_agreement(replay(moved, server.url()));
  CHECK(head_of(server.url()) == before + 502);
}

TEST_CASE("a cart that is not as the file says is a difference and exit code 1") {
  scratch_directory scratch;
  auto const orders = (scratch.path() / "one.csv").string();
  std::ofstream(orders) << "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\nA,p,,1,,1,7,\n";
  server_process server({"--in-memory"});
  REQUIRE(tests::send(server.url(), "POST", "/v1/aggregates/cart/A/commands/create_cart", R"({"user_account_id":"another"})").status ==
          201);
  auto const run = replay(orders, server.url());
  CHECK(run.code == 1);
  CHECK_THAT(run.output, Catch::Contains("  cart A: customer another instead of 7"));
  CHECK_THAT(run.output, Catch::Contains("  document of cart A: customer another instead of 7"));
}

TEST_CASE("every strange line is accounted for") {
  scratch_directory scratch;
  auto const orders = (scratch.path() / "strange.csv").string();
  std::ofstream(orders) << "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n"
                           "A 1,p 1,,1,,1,7,\nA 1,p ,,1,,1,7,\nA 1,a/b,,1,,1,7,\nA 1,p,,x,,1,7,\nA 1,p,,1,,x,7,\nshort\n"
                           "A/2,p,,1,,1,7,\n\xC3\xA9%,p,,2,,0.005,,\nB, ,,1,,1,\" \",\n,p,,1,,1,7,\n..,p,,1,,1,,\n";
  server_process server({"--in-memory"});
  auto const run = replay(orders, server.url());
  require_agreement(run);
  CHECK_THAT(run.output, Catch::Contains("2  accepted") && Catch::Contains("9  rejected") && Catch::Contains("revenue 1.02\n"));
  CHECK_THAT(run.output, Catch::Contains("2    invalid_product_id") && Catch::Contains("1    unreadable_columns"));
  require_that_nothing_is_written(orders, server.url());
}

TEST_CASE("bad arguments and files that cannot be read are exit code 2") {
  auto const code_of = [](std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), EVOKE_REPLAY_PROGRAM);
    return child_process(std::move(arguments)).wait();
  };
  CHECK(code_of({}) == 2);
  CHECK(code_of({EVOKE_SAMPLE_ORDERS, "--connections", "0"}) == 2);
  CHECK(code_of({EVOKE_SAMPLE_ORDERS, "--url", "https://localhost"}) == 2);
  CHECK(code_of({"/nowhere/at/all.csv"}) == 2);
  CHECK(code_of({"/tmp"}) == 2);
  CHECK(code_of({EVOKE_SERVER_PROGRAM}) == 2);
  CHECK(code_of({"--help"}) == 0);
}

TEST_CASE("a server that cannot be reached is exit code 1 and one line") {
  child_process process({EVOKE_REPLAY_PROGRAM, EVOKE_SAMPLE_ORDERS, "--url", "http://127.0.0.1:1", "--wait-server", "0"});
  CHECK(process.wait() == 1);
  CHECK_THAT(process.output(), Catch::StartsWith("evoke-replay: http://127.0.0.1:1: cannot connect to 127.0.0.1:1"));
}

}  // namespace
