#include <catch2/catch.hpp>
#include <cstdlib>
#include <random>

#include "tests/persistence/child_process.hpp"
#include "tests/runtime/view_world.hpp"

using namespace evoke;
using namespace evoke::tests;

// ./dev torture project does it 200 times. Each child compares all documents with a fresh fold before it writes on, and none is ever
// stopped in an orderly way: what one leaves half written the next one finds.
TEST_CASE("documents equal a fresh fold of the log after every kill") {
  auto const* const given = std::getenv("EVOKE_KILLS");
  int const kills = given != nullptr ? std::atoi(given) : 5;
  auto const seed = test_seed();
  INFO("EVOKE_SEED=" << seed);
  std::mt19937_64 random(seed);
  temporary_directory const directory;
  auto const store = directory.path() / "store";
  std::uint64_t head = 0;
  for (int kill = 0; kill < kills; ++kill) {
    INFO("kill " << kill);
    persistence::test::child_process child(store, "write", random());
    REQUIRE(child.read() == 1);  // it has compared everything
    for (auto reports = random() % 40; reports > 0; --reports) {
      auto const told = child.read();
      REQUIRE(told);
      head = *told;
    }
    child.kill();
  }
  persistence::test::child_process last(store, "verify", random());
  REQUIRE(last.read() == 1);
  CHECK(head > 0);
  WARN(kills << " kills, the log is at " << head);
}
