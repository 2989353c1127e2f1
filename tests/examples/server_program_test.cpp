#include "http_client.hpp"
#include "server_process.hpp"

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>

#include <catch2/catch.hpp>

#include <algorithm>
#include <csignal>

namespace {

using tests::child_process;
using tests::scratch_directory;
using tests::server_process;

std::string after_colon(std::string const& authority) {
  return authority.substr(authority.rfind(':') + 1);
}

TEST_CASE("evoke-server ends with code 0 on SIGTERM and on SIGINT, and keeps what it has accepted") {
  scratch_directory scratch;
  std::vector<std::string> const data{"--data", scratch.path().string()};
  {
    server_process server(data);
    REQUIRE(tests::send(server.url(), "POST", "/v1/aggregates/cart/c/commands/create_cart", R"({"user_account_id":"u"})").status == 201);
    server.process().send(SIGTERM);
    CHECK(server.process().wait() == 0);
  }
  server_process again(data);
  CHECK(tests::get(again.url(), "/v1/aggregates/cart/c").status == 200);
  again.process().send(SIGINT);
  CHECK(again.process().wait() == 0);
}

TEST_CASE("evoke-server ends at once with code 3 on a second signal") {
  server_process server({"--in-memory", "--drain-seconds", "600", "--log-level", "info"});
  // A request that never ends keeps the first signal waiting.
  boost::asio::io_context io;
  boost::asio::ip::tcp::socket socket(io);
  boost::asio::connect(socket, boost::asio::ip::tcp::resolver(io).resolve("127.0.0.1", after_colon(server.authority())));
  std::string const half =
      "POST /circle HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\nExpect: 100-continue\r\n\r\n";
  boost::asio::write(socket, boost::asio::buffer(half));
  char byte = 0;
  REQUIRE(boost::asio::read(socket, boost::asio::buffer(&byte, 1)) == 1);  // of "100 Continue": the request is under way
  server.process().send(SIGTERM);
  server.process().wait_for_line("stopping");
  // The handler is in place a moment after the line; until then the signal is kept for it.
  server.process().send(SIGTERM);
  CHECK(server.process().wait() == 3);
}

TEST_CASE("a port in use is one clear line and code 1") {
  server_process first({"--in-memory"});
  child_process second(server_process::command_line({"--in-memory"}, first.authority()));
  CHECK(second.wait() == 1);
  CHECK_THAT(second.output(), Catch::StartsWith("evoke-server: ") && Catch::Contains(after_colon(first.authority())));
  CHECK(std::ranges::count(second.output(), '\n') == 1);
}

TEST_CASE("a data directory in use is one clear line and code 1") {
  scratch_directory scratch;
  std::vector<std::string> const data{"--data", scratch.path().string()};
  server_process first(data);
  child_process second(server_process::command_line(data, "127.0.0.1:0"));
  CHECK(second.wait() == 1);
  CHECK_THAT(second.output(), Catch::StartsWith("evoke-server: ") && Catch::Contains(scratch.path().string()));
  CHECK(std::ranges::count(second.output(), '\n') == 1);
}

TEST_CASE("a key for tokens that does not read is one clear line and code 1") {
  child_process process(server_process::command_line({"--in-memory", "--token-keys", "/dev/null"}, "127.0.0.1:0"));
  CHECK(process.wait() == 1);
  CHECK_THAT(process.output(), Catch::StartsWith("evoke-server: ") && Catch::Contains("/dev/null"));
  CHECK(std::ranges::count(process.output(), '\n') == 1);
}

TEST_CASE("sample data is there at the first start, and is not put in again at the next") {
  scratch_directory scratch;
  std::vector<std::string> const arguments{"--data", scratch.path().string(), "--sample-data"};
  std::uint64_t head = 0;
  {
    server_process server(arguments);
    head = tests::head_of(server.url());
    CHECK(head > 0);
    CHECK(tests::get(server.url(), "/api/products/sample-mug").status == 200);
    server.process().send(SIGTERM);
    CHECK(server.process().wait() == 0);
  }
  server_process again(arguments);
  CHECK(tests::head_of(again.url()) == head);
}

TEST_CASE("a data directory that cannot be made is one clear line and code 1") {
  child_process process(server_process::command_line({"--data", "/dev/null/data"}, "127.0.0.1:0"));
  CHECK(process.wait() == 1);
  CHECK_THAT(process.output(), Catch::StartsWith("evoke-server: ") && Catch::Contains("/dev/null/data"));
  CHECK(std::ranges::count(process.output(), '\n') == 1);
}

TEST_CASE("bad arguments are one clear line and code 2, help is code 0") {
  for (auto const& bad : {std::pair("--durability", "paper"), std::pair("--listen", "nonsense"), std::pair("--no-such", "thing")}) {
    child_process process({EVOKE_SERVER_PROGRAM, bad.first, bad.second});
    CHECK(process.wait() == 2);
    INFO(process.output());
    CHECK_THAT(process.output(), Catch::StartsWith("evoke-server: ") && Catch::Contains(bad.first));
    CHECK(std::ranges::count(process.output(), '\n') == 1);
  }
  CHECK(child_process({EVOKE_SERVER_PROGRAM, "--help"}).wait() == 0);
}

TEST_CASE("the four curl lines that are printed at the start work") {
  child_process process({EVOKE_SERVER_PROGRAM, "--listen", "127.0.0.1:0", "--in-memory"});
  for (int i = 0; i < 4; ++i) {
    auto line = process.wait_for_line("curl ");
    line.replace(line.find("curl "), 5, "curl -sS --fail ");
    INFO(line);
    child_process curl({"/bin/sh", "-c", line});
    CHECK(curl.wait() == 0);
    INFO(curl.output());
    CHECK_THAT(curl.output(), Catch::StartsWith("{"));
  }
}

}  // namespace
