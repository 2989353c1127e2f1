#include "bench/load/arguments.hpp"

#include <catch2/catch.hpp>

#include <initializer_list>
#include <vector>

using namespace evoke::load;

namespace {

parsed parse_all(std::initializer_list<char const*> arguments) {
  std::vector<char const*> all{"evoke-load"};
  all.insert(all.end(), arguments.begin(), arguments.end());
  return parse(static_cast<int>(all.size()), all.data());
}

}  // namespace

TEST_CASE("a server's address alone is enough") {
  auto const said = parse_all({"http://127.0.0.1:8080"});
  REQUIRE(said.given);
  CHECK(said.server.port == "8080");
  CHECK(said.given->workload == "adds");
  CHECK(said.given->connections == 64);
  CHECK(said.given->seconds == 5);
  CHECK(said.given->warmup == 1);
  CHECK(said.given->rate == 0);
  CHECK_FALSE(said.given->embedded);
}

TEST_CASE("every setting arrives") {
  auto const said = parse_all({"http://h",
                               "--workload",
                               "raw",
                               "--connections",
                               "3",
                               "--rate",
                               "10.5",
                               "--seconds",
                               "2",
                               "--warmup",
                               "0",
                               "--keys",
                               "9",
                               "--distribution",
                               "zipf:1",
                               "--payload",
                               "0",
                               "--pipeline",
                               "4",
                               "--batch",
                               "20",
                               "--followers",
                               "5",
                               "--log-followers",
                               "6",
                               "--seed",
                               "8",
                               "--json",
                               "-",
                               "--quiet",
                               "--processor",
                               "1",
                               "--server-process",
                               "77",
                               "--no-prepare"});
  REQUIRE(said.given);
  auto const& with = *said.given;
  CHECK(with.workload == "raw");
  CHECK(with.connections == 3);
  CHECK(with.rate == 10.5);
  CHECK(with.seconds == 2);
  CHECK(with.warmup == 0);
  CHECK(with.keys == 9);
  CHECK(with.distribution == "zipf:1");
  CHECK(with.payload_bytes == 0);
  CHECK(with.pipeline == 4);
  CHECK(with.batch == 20);
  CHECK(with.followers == 5);
  CHECK(with.log_followers == 6);
  CHECK(with.seed == 8);
  CHECK(with.json == "-");
  CHECK(with.quiet);
  CHECK(with.processor == 1);
  CHECK(with.server_process == 77);
  CHECK_FALSE(with.prepare);
}

TEST_CASE("embedded in a directory, or in memory") {
  auto const disk = parse_all({"--embedded", "somewhere", "--durability", "os", "--batch", "100"});
  REQUIRE(disk.given);
  CHECK(disk.given->embedded);
  CHECK(disk.given->directory == "somewhere");
  CHECK_FALSE(disk.given->durable);
  CHECK(disk.given->batch == 100);
  auto const memory = parse_all({"--embedded", "", "--in-memory"});
  REQUIRE(memory.given);
  CHECK(memory.given->embedded);
  CHECK(memory.given->in_memory);
}

TEST_CASE("what makes no sense ends with 2") {
  for (auto const& each : std::initializer_list<std::initializer_list<char const*>>{{},
                                                                                    {"http://h", "--embedded", "d"},
                                                                                    {"--embedded", ""},
                                                                                    {"--embedded", "d", "--in-memory"},
                                                                                    {"https://h"},
                                                                                    {"--in-memory", "--pipeline", "2"},
                                                                                    {"http://h", "--connections", "0"},
                                                                                    {"http://h", "--rate", "0"},
                                                                                    {"http://h", "--keys", "0"},
                                                                                    {"http://h", "--durability", "tape"},
                                                                                    {"http://h", "--nonesuch"},
                                                                                    {"--show-workload", "nonesuch"}}) {
    auto const said = parse_all(each);
    INFO((each.size() > 0 ? *(each.end() - 1) : "nothing"));
    CHECK_FALSE(said.given);
    CHECK(said.exit == misused);
  }
}

TEST_CASE("asking for help or for a workload's text ends well") {
  CHECK(parse_all({"--help"}).exit == measured);
  CHECK(parse_all({"--show-workload", "adds"}).exit == measured);
}
