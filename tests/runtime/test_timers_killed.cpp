#include <algorithm>
#include <catch2/catch.hpp>
#include <chrono>
#include <cstdlib>
#include <random>
#include <thread>

#include "tests/persistence/child_process.hpp"
#include "tests/runtime/view_world.hpp"

using namespace evoke;
using namespace evoke::tests;

namespace {

std::uint64_t number_from(char const* name, std::uint64_t otherwise) {
  auto const* const given = std::getenv(name);
  return given != nullptr ? std::strtoull(given, nullptr, 10) : otherwise;
}

}  // namespace

// ./dev torture timers does it with 100,000. No child is ever stopped in an orderly way: each is killed while it sets timers, and while
// those of all before it fire.
TEST_CASE("timers fire once in effect and none early, however often the process is killed") {
  auto const timers = number_from("EVOKE_TIMERS", 2'000);
  auto const kills = number_from("EVOKE_KILLS", 6);
  auto const seed = test_seed();
  INFO("EVOKE_SEED=" << seed);
  std::mt19937_64 random(seed);
  auto const whole = std::max<std::uint64_t>(1, (kills + 1) / 2);  // every other process is killed only when it has set all of its timers
  auto const share = timers / whole;
  temporary_directory const directory;
  auto const store = directory.path() / "store";
  for (std::uint64_t kill = 0; kill < kills; ++kill) {
    INFO("kill " << kill);
    persistence::test::child_process child(store, "set", share);
    // The others are killed while they still set them; the log knows which of them count.
    if (kill % 2 == 0) REQUIRE(child.read() == 1);
    std::this_thread::sleep_for(
        std::chrono::milliseconds(random() % (kill % 2 == 0 ? 800 : 120)));  // the moment of the kill is what is random here
    child.kill();
  }
  persistence::test::child_process last(store, "verify", 0);
  auto const fired = last.read();
  REQUIRE(fired);
  CHECK(*fired >= share * whole);
  WARN(kills << " kills, " << *fired << " timers fired, each once and none early");
}
