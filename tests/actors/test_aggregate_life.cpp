#include "tests/actors/life_world.hpp"

#include <catch2/catch.hpp>

using namespace evoke;
using namespace evoke::tests;
using what = counter_command::what;

namespace {
int total(life_world& world, std::string const& id = "a") {
  auto read = world.read(id);
  world.settle();
  return (**read) ? std::stoi((**read)->state) : -1;
}
}  // namespace

TEST_CASE("a new aggregate begins without asking the background threads") {
  life_world world;
  auto end = world.send({});
  REQUIRE(world.pool.tasks.empty());
  world.commit();
  REQUIRE((*end)->reply().created);
}

TEST_CASE("a command waits for the recovery of its aggregate") {
  life_world world;
  world.warm();
  world.home.passivate_all();
  world.settle();
  auto end = world.send({});
  REQUIRE_FALSE(*end);
  REQUIRE(world.writer.queue().empty());
  world.run_background();
  REQUIRE_FALSE(world.writer.queue().empty());
  world.commit();
  REQUIRE((*end)->accepted());
}

TEST_CASE("what is short and in memory is recovered without asking the background threads") {
  life_world::settings settings;
  settings.fold_in_memory = true;
  life_world world(settings);
  world.send({what::add, 3, 128});
  world.settle();
  world.home.passivate_all();
  world.settle();
  auto end = world.send({what::add, 1});
  REQUIRE(world.pool.tasks.empty());
  world.commit();
  REQUIRE((*end)->reply().version == version{129});
  REQUIRE(total(world) == 3 * 128 + 1);
}

TEST_CASE("a recovery that takes a worker too long goes on in the background, where the worker stopped") {
  life_world::settings settings;
  settings.fold_in_memory = true;
  life_world world(settings);
  world.send({what::add, 3, 129});
  world.settle();
  world.home.passivate_all();
  world.settle();
  auto end = world.send({what::add, 1});
  REQUIRE(world.pool.tasks.size() == 1);
  REQUIRE(world.writer.queue().empty());
  world.run_background();
  world.commit();
  REQUIRE((*end)->reply().version == version{130});
  REQUIRE(total(world) == 3 * 129 + 1);
}

TEST_CASE("an aggregate with a snapshot recovers in the background: what decoding it takes is not known") {
  life_world::settings settings;
  settings.fold_in_memory = true;
  settings.type.snapshot_interval_events = 5;
  life_world world(settings);
  world.send({what::add, 2, 7});
  world.settle();
  world.home.passivate_all();
  world.settle();
  auto end = world.send({});
  REQUIRE(world.pool.tasks.size() == 1);
  world.settle();
  REQUIRE((*end)->reply().version == version{8});
  REQUIRE(total(world) == 15);
}

TEST_CASE("an event that a worker cannot fold is reported by the background threads") {
  life_world::settings settings;
  settings.fold_in_memory = true;
  life_world world(settings);
  persistence::append broken;
  broken.type = world.type.number;
  broken.id = aggregate_id::trusted("a");
  broken.first_version = version{1};
  broken.events.push_back({world.type.event_numbers[0], 1, "1", {}, {}});
  broken.events.push_back({world.type.event_numbers[0], 1, "x", {}, {}});
  std::vector<persistence::append*> const group{&broken};
  REQUIRE(world.store->commit(group, world.time.now()));
  auto end = world.send({});
  REQUIRE_FALSE(*end);
  REQUIRE(world.log.empty());
  world.run_background();
  REQUIRE((*end)->failed());
  REQUIRE((*end)->error().code == errc::corrupt);
  REQUIRE(world.log.size() == 1);
}

TEST_CASE("a command is answered only when its group is durable") {
  life_world world;
  world.warm();
  auto end = world.send({what::add, 5});
  REQUIRE(world.writer.take());
  REQUIRE_FALSE(*end);
  world.writer.end(*world.store, world.time.now());
  REQUIRE((*end)->accepted());
  REQUIRE((*end)->reply().version == version{2});
  REQUIRE((*end)->reply().position == position{2});
}

TEST_CASE("commands of one aggregate share a group without waiting for each other") {
  life_world world;
  world.warm();
  auto first = world.send({what::add, 1});
  auto second = world.send({what::add, 2});
  auto third = world.send({what::add, 3});
  REQUIRE(world.writer.take());
  REQUIRE(world.writer.queue().changes().size() == 3);
  world.writer.end(*world.store, world.time.now());
  REQUIRE((*first)->reply().version == version{2});
  REQUIRE((*second)->reply().version == version{3});
  REQUIRE((*third)->reply().version == version{4});
}

TEST_CASE("a rejection computed from speculative state waits until that state is durable") {
  life_world world;
  world.warm();
  auto write = world.send({});
  REQUIRE(world.writer.take());
  auto refused = world.send({what::refuse});
  REQUIRE_FALSE(*refused);
  world.writer.end(*world.store, world.time.now());
  REQUIRE((*refused)->rejected());
  REQUIRE((*refused)->why().code == "refused");
}

TEST_CASE("a rejection computed from state whose group failed becomes outcome unknown") {
  life_world world;
  world.warm();
  auto write = world.send({});
  auto refused = world.send({what::refuse});
  world.fail_commit(errc::outcome_unknown);
  REQUIRE((*write)->error().code == errc::outcome_unknown);
  REQUIRE((*refused)->error().code == errc::outcome_unknown);
}

TEST_CASE("a version mismatch against speculative state waits, and tells the current version") {
  life_world world;
  world.warm();
  auto write = world.send({});
  command_options options;
  options.expected = expected_version::exactly(version{1});
  auto late = world.send({}, "a", options);
  REQUIRE_FALSE(*late);
  world.commit();
  REQUIRE((*late)->error().code == errc::version_mismatch);
  REQUIRE((*late)->error().current_version == 2);
}

TEST_CASE("of two commands with the same expected version exactly one wins") {
  life_world world;
  world.warm();
  command_options options;
  options.expected = expected_version::exactly(version{1});
  auto first = world.send({}, "a", options);
  auto second = world.send({}, "a", options);
  world.settle();
  REQUIRE((*first)->accepted());
  REQUIRE((*second)->failed());
}

TEST_CASE("a read sees the newest state only when it is durable, with the position of exactly that state") {
  life_world world;
  world.warm();
  world.send({what::add, 10});
  auto read = world.read();
  world.send({what::add, 100});
  REQUIRE_FALSE(*read);
  world.commit();
  REQUIRE((**read)->state == "11");
  REQUIRE((**read)->version == version{2});
  REQUIRE((**read)->position == position{2});
}

TEST_CASE("a command that changes nothing stores nothing") {
  life_world world;
  world.warm();
  auto end = world.send({what::nothing});
  REQUIRE((*end)->accepted());
  REQUIRE((*end)->reply().events.empty());
  REQUIRE((*end)->reply().version == version{1});
  REQUIRE((*end)->reply().position == position{1});
  REQUIRE(world.store->head() == position{1});
}

TEST_CASE("when decide throws the caller hears of it and the aggregate goes on") {
  life_world world;
  world.warm();
  auto bad = world.send({what::throw_in_decide});
  REQUIRE((*bad)->error().code == errc::user_code_failed);
  REQUIRE(world.log.size() == 1);
  auto good = world.send({});
  world.settle();
  REQUIRE((*good)->reply().version == version{2});
}

TEST_CASE("when evolve throws nothing is stored and a successor serves what waits") {
  life_world world;
  world.warm();
  auto before = world.send({what::add, 10});
  auto bad = world.send({what::throw_in_evolve, 1'000, 2});
  auto after = world.send({what::add, 100});
  REQUIRE((*bad)->error().code == errc::user_code_failed);
  world.settle();
  REQUIRE((*before)->reply().version == version{2});
  REQUIRE((*after)->reply().version == version{3});
  REQUIRE(total(world) == 111);
}

TEST_CASE("after a group that was refused for a full disk the aggregate serves what is stored") {
  life_world world;
  world.warm();
  auto lost = world.send({what::add, 10});
  auto behind = world.send({what::add, 20});
  world.fail_commit(errc::storage_full);
  REQUIRE((*lost)->error().code == errc::storage_full);
  REQUIRE((*behind)->error().code == errc::storage_full);
  auto next = world.send({what::add, 100});
  world.settle();
  REQUIRE((*next)->reply().version == version{2});
  REQUIRE(total(world) == 101);
}

TEST_CASE("what queued behind a lost group never reaches the journal") {
  life_world world;
  world.warm();
  auto lost = world.send({what::add, 10});
  REQUIRE(world.writer.take());
  auto behind = world.send({what::add, 20});
  world.writer.end(*world.store, world.time.now(), failure{errc::storage_full, "full", {}, {}, {}});
  REQUIRE((*behind)->error().code == errc::storage_full);
  world.settle();
  REQUIRE(world.store->head() == position{1});
}

TEST_CASE("a command with a remembered key is answered again without deciding again") {
  life_world world;
  world.warm();
  command_options options;
  options.idempotency_key = "k";
  auto first = world.send({what::add, 5}, "a", options);
  world.settle();
  auto again = world.send({what::add, 5}, "a", options);
  world.settle();
  REQUIRE((*again)->accepted());
  REQUIRE((*again)->replayed());
  REQUIRE((*again)->reply().version == (*first)->reply().version);
  REQUIRE((*again)->reply().events == (*first)->reply().events);
  REQUIRE(world.store->head() == position{2});
}

TEST_CASE("a key with another request is refused") {
  life_world world;
  world.warm();
  command_options options;
  options.idempotency_key = "k";
  world.send({}, "a", options, 1);
  world.settle();
  auto other = world.send({}, "a", options, 2);
  REQUIRE((*other)->error().code == errc::key_reused);
}

TEST_CASE("a key whose command is not durable yet is in flight") {
  life_world world;
  world.warm();
  command_options options;
  options.idempotency_key = "k";
  world.send({}, "a", options);
  auto second = world.send({}, "a", options);
  REQUIRE((*second)->error().code == errc::key_in_flight);
}

TEST_CASE("a rejection is remembered by its key") {
  life_world world;
  world.warm();
  command_options options;
  options.idempotency_key = "k";
  auto first = world.send({what::refuse}, "a", options);
  REQUIRE_FALSE(*first);
  world.settle();
  world.send({what::add, 5});
  world.settle();
  auto again = world.send({what::refuse}, "a", options);
  REQUIRE((*again)->rejected());
  REQUIRE((*again)->replayed());
  REQUIRE((*again)->why().message == "as asked, at 1");
}

TEST_CASE("a key is looked for before the expected version") {
  life_world world;
  world.warm();
  command_options options;
  options.idempotency_key = "k";
  options.expected = expected_version::exactly(version{1});
  world.send({}, "a", options);
  world.settle();
  auto again = world.send({}, "a", options);
  world.settle();
  REQUIRE((*again)->replayed());
}

TEST_CASE("a dry run shows events and state and stores nothing") {
  life_world world;
  world.warm();
  command_options options;
  options.dry_run = true;
  auto end = world.send({what::add, 5}, "a", options);
  world.settle();
  REQUIRE((*end)->reply().state == "6");
  REQUIRE((*end)->reply().event_data == std::vector<std::string>{"5"});
  REQUIRE(world.store->head() == position{1});
  REQUIRE(total(world) == 1);
}

TEST_CASE("a command beyond the limit of events stores nothing") {
  life_world::settings settings;
  settings.type.max_events_per_command = 3;
  life_world world(settings);
  auto end = world.send({what::add, 1, 4});
  world.settle();
  REQUIRE((*end)->error().code == errc::limit_exceeded);
  REQUIRE(world.store->head() == position{0});
}

TEST_CASE("a type that wants a precondition refuses a command without one") {
  life_world::settings settings;
  settings.type.requires_precondition = true;
  life_world world(settings);
  auto end = world.send({});
  world.settle();
  REQUIRE((*end)->error().code == errc::precondition_required);
}

TEST_CASE("a snapshot is taken when one command's events cross the boundary, and only when they are durable") {
  life_world::settings settings;
  settings.type.snapshot_interval_events = 5;
  life_world world(settings);
  auto const stored = [&] { return *world.store->read_snapshot({world.type.number, "a"}, version{UINT64_MAX}, 42, [](auto) {}); };
  world.send({what::add, 1, 4});
  world.settle();
  REQUIRE_FALSE(stored());
  world.send({what::add, 1, 3});
  REQUIRE_FALSE(stored());
  world.settle();
  REQUIRE(stored());
  REQUIRE(stored()->version == version{7});
  REQUIRE(stored()->position == position{7});
  REQUIRE(stored()->state == "7");
}

TEST_CASE("an aggregate recovers from its snapshot and the events behind it") {
  life_world::settings settings;
  settings.type.snapshot_interval_events = 5;
  life_world world(settings);
  for (int i = 0; i < 8; ++i) world.send({what::add, 1 << i});
  world.settle();
  world.home.passivate_all();
  world.settle();
  REQUIRE(world.home.size() == 0);
  REQUIRE(total(world) == 255);
}

TEST_CASE("a snapshot that does not read is passed over with a log line") {
  life_world world;
  world.send({what::add, 3});
  world.settle();
  world.home.passivate_all();
  world.settle();
  REQUIRE(world.store->write_snapshot({world.type.number, "a"}, {version{1}, position{1}, {}, 42, "nonsense"}));
  REQUIRE(total(world) == 3);
  REQUIRE(world.log.size() == 1);
}
