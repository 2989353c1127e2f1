#include <atomic>
#include <cstdlib>
#include <thread>

#include "tests/http/view_world.hpp"

/// Whoever sends its token reads its own writes, whatever else goes on.
using namespace evoke;
using namespace evoke::http;
using namespace evoke::http::tests;

namespace {

std::string ask_command(raw_client& client, std::string const& ledger, std::string const& command, std::string const& body) {
  auto const got =
      client.ask("POST", "/v1/aggregates/ledger/" + ledger + "/commands/" + command, "Content-Type: application/json\r\n", body);
  if (got.status >= 300) throw std::runtime_error(command + " failed: " + got.body);
  return "Consistency-Token: " + got.header("consistency-token") + "\r\nPrefer: wait=10\r\n";
}

}  // namespace

// ./dev torture token does it 100,000 times.
TEST_CASE("no try of many reads a state before its own write, while others write") {
  auto const* const given = std::getenv("EVOKE_TRIES");
  long const tries = given != nullptr ? std::atol(given) : 1'000;
  view_world const world;
  std::atomic<long> left{tries};
  std::atomic<long> stale{0};
  std::atomic<long> waited_in_vain{0};
  std::atomic<bool> over{false};
  std::vector<std::thread> threads;
  for (int writer = 0; writer < 2; ++writer)
    threads.emplace_back([&, writer] {
      auto client = world.connect();
      auto const ledger = "busy-" + std::to_string(writer);
      ask_command(client, ledger, "open_ledger", R"({"owner":"busy"})");
      while (!over) ask_command(client, ledger, "book", R"({"amount":1,"times":5})");
    });
  std::vector<std::thread> readers;
  for (int reader = 0; reader < 4; ++reader)
    readers.emplace_back([&, reader] {
      auto client = world.connect();
      auto const ledger = "own-" + std::to_string(reader);
      ask_command(client, ledger, "open_ledger", R"({"owner":"ann"})");
      for (long booked = 1; left-- > 0; ++booked) {
        auto const token = ask_command(client, ledger, "book", R"({"amount":1,"times":1})");
        auto const got = client.ask("GET", "/v1/views/holdings/" + ledger, token);
        if (got.status != 200)
          ++waited_in_vain;
        else if (nlohmann::json::parse(got.body)["document"]["sum"] != booked)
          ++stale;
      }
    });
  for (auto& each : readers) each.join();
  over = true;
  for (auto& each : threads) each.join();
  CHECK(stale == 0);
  CHECK(waited_in_vain == 0);
  WARN(tries << " tries, the log is at " << world.rt->info().head.value());
}
