#include <random>

#include "child_process.hpp"
#include "contract.hpp"
#include "store_checks.hpp"

namespace {

/// Lets a child write until it has reported some commits, kills it, and checks the store; again and again on the same store.
void kill_repeatedly(std::string const& mode, int rounds) {
  auto const seed = test_seed();
  INFO("EVOKE_SEED=" << seed);
  std::mt19937_64 random(seed);
  temporary_directory directory;
  rocksdb_options options;
  options.path = directory.path() / "store";
  options.memtable_bytes = 1024 * 1024;
  options.min_free_disk_bytes = 0;
  std::uint64_t acknowledged = 0;
  for (int round = 0; round < rounds; ++round) {
    INFO("round " << round);
    {
      child_process child(options.path, mode, random());
      auto const began = child.read();
      REQUIRE(began);
      CHECK(*began >= acknowledged);
      for (auto commits = random() % 60; commits > 0; --commits) {
        auto const head = child.read();
        REQUIRE(head);
        acknowledged = *head;
      }
      child.kill();
      while (auto const head = child.read()) acknowledged = *head;
    }
    auto const opened = need(open_rocksdb_journal(options));
    CHECK(opened->head().value() >= acknowledged);
    CHECK(find_fault(*opened) == std::nullopt);
    acknowledged = opened->head().value();
    need(opened->close());
  }
  CHECK(acknowledged > 0);
}

}  // namespace

TEST_CASE("What a process acknowledged before it was killed is there, with a sync before each reply", "[rocksdb][kill]") {
  kill_repeatedly("disk", 10);
}

TEST_CASE("What a process acknowledged before it was killed is there, left to the operating system", "[rocksdb][kill]") {
  kill_repeatedly("os", 10);
}

TEST_CASE("A store that another process has open is refused until that process has gone", "[rocksdb][kill]") {
  temporary_directory directory;
  rocksdb_options options;
  options.path = directory.path() / "store";
  options.min_free_disk_bytes = 0;
  {
    child_process child(options.path, "hold", 0);
    REQUIRE(child.read());
    auto const refused = open_rocksdb_journal(options);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == errc::store_in_use);
  }
  need(open_rocksdb_journal(options));
}
