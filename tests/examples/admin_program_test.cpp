#include "http_client.hpp"
#include "server_process.hpp"

#include <catch2/catch.hpp>

#include <csignal>
#include <fstream>
#include <sstream>

namespace {

using tests::child_process;
using tests::scratch_directory;
using tests::server_process;

struct finished {
  int exit = 0;
  std::string output;
};

finished admin(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), EVOKE_ADMIN_PROGRAM);
  child_process program(std::move(arguments));
  finished end;
  end.exit = program.wait();
  end.output = program.output();
  return end;
}

/// A store with two carts and a circle.
void fill(std::string const& data) {
  server_process server({"--data", data});
  for (std::string const cart : {"c-1", "c-2"})
    REQUIRE(
        tests::send(server.url(), "POST", "/v1/aggregates/cart/" + cart + "/commands/create_cart", R"({"user_account_id":"u"})").status ==
        201);
  REQUIRE(tests::send(server.url(), "POST", "/circle", R"({"circle_name":"football","capacity":20})").status == 201);
  server.process().send(SIGTERM);
  REQUIRE(server.process().wait() == 0);
}

}  // namespace

TEST_CASE("evoke-admin finds nothing wrong with what evoke-server stored, saves its states and finds them again") {
  scratch_directory scratch;
  auto const data = (scratch.path() / "data").string();
  auto const file = (scratch.path() / "states").string();
  fill(data);
  auto const saved = admin({"check-upgrade", data, "--save", file});
  CHECK(saved.exit == 0);
  CHECK_THAT(saved.output, Catch::Contains("3 aggregates replayed") && Catch::Contains("0 findings"));
  auto const compared = admin({"check-upgrade", data, "--compare", file, "--quiet", "--threads", "1"});
  CHECK(compared.exit == 0);
  CHECK_THAT(compared.output, Catch::StartsWith("3 aggregates replayed, 0 with a snapshot, 3 compared with saved states; 0 findings"));
}

TEST_CASE("evoke-admin prints what it finds and ends with code 1") {
  scratch_directory scratch;
  auto const data = (scratch.path() / "data").string();
  auto const file = (scratch.path() / "states").string();
  fill(data);
  REQUIRE(admin({"check-upgrade", data, "--save", file}).exit == 0);
  std::ostringstream text;
  text << std::ifstream(file).rdbuf();
  auto changed = text.str();
  auto const at = changed.find("c-1\t1\t") + 6;
  changed[at] = changed[at] == '0' ? '1' : '0';
  std::ofstream(file) << changed;
  auto const found = admin({"check-upgrade", data, "--compare", file, "--quiet"});
  CHECK(found.exit == 1);
  CHECK_THAT(found.output, Catch::Contains("state_differs: cart/c-1: its state at version 1") && Catch::Contains("1 findings"));
}

TEST_CASE("evoke-admin ends with code 2 where it cannot look") {
  scratch_directory scratch;
  auto const nothing = admin({"check-upgrade", (scratch.path() / "nothing").string()});
  CHECK(nothing.exit == 2);
  CHECK_THAT(nothing.output, Catch::Contains("there is no store"));
  CHECK(admin({}).exit == 2);
  CHECK(admin({"check-upgrade"}).exit == 2);
  CHECK(admin({"--help"}).exit == 0);
  auto const data = (scratch.path() / "data").string();
  server_process server({"--data", data});
  auto const busy = admin({"check-upgrade", data});
  CHECK(busy.exit == 2);
  CHECK_THAT(busy.output, Catch::Contains("is open in another runtime or process"));
}
