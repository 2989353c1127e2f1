#include "tests/actors/life_world.hpp"

#include <catch2/catch.hpp>

using namespace evoke;
using namespace evoke::tests;
using what = counter_command::what;
using namespace std::chrono_literals;

TEST_CASE("an idle aggregate is passivated and answers again") {
  life_world world;
  world.warm();
  REQUIRE(world.home.size() == 1);
  world.time.elapsed += 59s;
  world.home.passivate_idle();
  world.settle();
  REQUIRE(world.home.size() == 1);
  world.time.elapsed += 1s;
  world.home.passivate_idle();
  world.settle();
  REQUIRE(world.home.size() == 0);
  auto end = world.send({});
  world.settle();
  REQUIRE((*end)->reply().version == version{2});
}

TEST_CASE("a passivating aggregate stays until its group is durable, and arrivals wait in order") {
  life_world world;
  world.warm();
  auto open = world.send({what::add, 10});
  world.home.passivate_all();
  world.run_actors();
  REQUIRE(world.home.size() == 1);
  auto first = world.send({what::add, 100});
  auto second = world.send({what::refuse});
  world.run_actors();
  REQUIRE_FALSE(*open);
  world.settle();
  REQUIRE((*open)->reply().version == version{2});
  REQUIRE((*first)->reply().version == version{3});
  REQUIRE((*second)->why().message == "as asked, at 111");
}

TEST_CASE("beyond the resident limit the least recently used leaves") {
  life_world::settings settings;
  settings.max_resident = 64;  // one a shard
  life_world world(settings);
  for (int i = 0; i < 1'000; ++i) {
    world.send({}, "a" + std::to_string(i));
    world.time.elapsed += 1ms;
    world.settle();
  }
  REQUIRE(world.home.size() <= 64);
  auto end = world.send({}, "a0");
  world.settle();
  REQUIRE((*end)->reply().version == version{2});
}

TEST_CASE("as many as the bound says stay, however they are spread") {
  life_world::settings settings;
  settings.max_resident = 200;  // 64 shards: evenly spread, three each
  life_world world(settings);
  for (int i = 0; i < 200; ++i) world.send({}, "a" + std::to_string(i));
  world.settle();
  CHECK(world.home.size() == 200);
  world.send({}, "one more");
  world.settle();
  CHECK(world.home.size() == 200);
}

TEST_CASE("a stream that cannot be recovered answers a failure, then backs off, then is tried again") {
  life_world world;
  world.warm();
  world.home.passivate_all();
  world.settle();
  // An event that this program cannot read, as a store written by another would hold it.
  persistence::append foreign;
  foreign.type = world.type.number;
  foreign.id = aggregate_id::trusted("a");
  foreign.first_version = version{2};
  foreign.time = world.time.now();
  foreign.events.push_back({*world.store->intern(persistence::name_kind::event_type, "foreign"), 1, "1", {}, {}});
  auto* const one = &foreign;
  REQUIRE(world.store->commit({&one, 1}, world.time.now()));

  auto first = world.send({});
  world.settle();
  REQUIRE((*first)->error().code == errc::corrupt);
  auto second = world.send({});
  REQUIRE((*second)->error().code == errc::recovering);
  REQUIRE((*second)->error().retry_after_ms);
  REQUIRE(world.pool.tasks.empty());
  world.time.elapsed += 2s;
  auto third = world.send({});
  world.settle();
  REQUIRE((*third)->error().code == errc::corrupt);
}

TEST_CASE("more commands than one aggregate may have waiting are refused before anything is decided") {
  life_world::settings settings;
  settings.type.max_waiting_commands = 3;
  life_world world(settings);
  auto first = world.send({});
  world.send({});
  world.send({});
  auto beyond = world.send({});
  REQUIRE((*beyond)->error().code == errc::overloaded);
  world.settle();
  REQUIRE((*first)->accepted());
  auto next = world.send({});
  world.settle();
  REQUIRE((*next)->reply().version == version{4});
}

TEST_CASE("open requests are counted until they are answered") {
  life_world world;
  world.warm();
  REQUIRE(world.open.open() == 0);
  auto end = world.send({});
  REQUIRE(world.open.open() == 1);
  world.settle();
  REQUIRE(world.open.open() == 0);
}

TEST_CASE("a request that is dropped unanswered is answered with a failure") {
  life_world::settings settings;
  std::shared_ptr<std::optional<command_result>> end;
  {
    life_world world(settings);
    world.warm();
    world.home.passivate_all();
    world.settle();
    end = world.send({});  // waits for a recovery that never runs
    world.pool.tasks.clear();
    world.home.end_all();
    world.run_actors();
  }
  REQUIRE(*end);
  REQUIRE((*end)->failed());
}

TEST_CASE("random interleavings of commands, commits, evictions and lost groups never lose or double an acknowledged command") {
  auto const seed = [] {
    auto const* given = std::getenv("EVOKE_SEED");
    return given != nullptr ? static_cast<std::uint64_t>(std::atoll(given)) : std::uint64_t{20'260'101};
  }();
  INFO("EVOKE_SEED=" << seed);
  for (std::uint64_t round = 0; round < 200; ++round) {
    std::uint64_t state = seed + round * 1'000'003;
    auto const random = [&](std::uint64_t below) {
      state = state * 6364136223846793005ULL + 1442695040888963407ULL;
      return (state >> 33U) % below;
    };
    life_world::settings settings;
    settings.type.snapshot_interval_events = 1 + static_cast<std::uint32_t>(random(6));
    life_world world(settings);
    std::vector<std::pair<std::string, life_world::answer>> sent;
    for (int step = 0; step < 120; ++step) {
      auto const id = "a" + std::to_string(random(3));
      switch (random(10)) {
        case 0:
        case 1:
        case 2:
        case 3: sent.emplace_back(id, world.deliver({what::add, 1, 1 + static_cast<int>(random(3))}, id)); break;
        case 4: world.run_actors(); break;
        case 5: world.pool.run_one(); break;
        case 6: world.commit(); break;
        case 7: world.home.passivate_all(); break;
        case 8: world.deliver({random(2) != 0 ? what::throw_in_evolve : what::refuse, 1, 2}, id); break;
        case 9:
          if (random(4) == 0) world.fail_commit(errc::storage_full);
          break;
      }
    }
    world.settle();
    for (auto const* id : {"a0", "a1", "a2"}) {
      std::uint64_t acknowledged = 0;
      for (auto const& [of, end] : sent) {
        REQUIRE(*end);
        if (of == id && (*end)->accepted()) acknowledged += (*end)->reply().events.size();
      }
      auto const head = *world.store->head_of({world.type.number, id});
      REQUIRE(head.version == version{acknowledged});
      if (acknowledged > 0) {
        auto read = world.read(id);
        world.settle();
        REQUIRE((**read)->state == std::to_string(acknowledged));
      }
    }
  }
}
