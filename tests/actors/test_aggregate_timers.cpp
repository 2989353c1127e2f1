#include <catch2/catch.hpp>

#include "tests/actors/life_world.hpp"

using namespace evoke;
using namespace evoke::tests;
using what = counter_command::what;
using namespace std::chrono_literals;

namespace {

timer_change set(std::string name, timestamp due, std::string body = "5", std::string command = "add") {
  return {timer_change::action::set, std::move(name), due, std::move(command), std::move(body)};
}

/// A world in which aggregate "a" has one event and a timer "t" that is due.
struct timed_world : life_world {
  explicit timed_world(std::string body = "5", settings chosen = settings{}) : life_world(std::move(chosen)) {
    auto const end = send({what::add, 1, 1, {set("t", due, std::move(body))}}, "a", setting());
    settle();
    if (!*end || !(*end)->accepted()) throw std::runtime_error("the timer was not set");
    set_by = (*end)->reply().events.at(0).id;
  }
  static command_options setting() {
    command_options options;
    options.expected = expected_version::no_stream();
    options.meta.correlation_id = "the-flow";
    return options;
  }

  [[nodiscard]] std::vector<timer_change> timers() const { return *store->timers_of({type.number, "a"}); }
  [[nodiscard]] std::uint64_t version_of_a() const { return store->head_of({type.number, "a"})->version.value(); }

  timestamp const due = time.now();
  event_id set_by;
};

errc code_of(life_world::answer const& end) {
  REQUIRE(*end);
  REQUIRE((*end)->failed());
  return (*end)->error().code;
}

}  // namespace

TEST_CASE("a timer that fires is gone in the batch that holds its effect, and names what set it") {
  timed_world world;
  auto const end = world.fire("t", world.due);
  world.run_background();
  REQUIRE_FALSE(*end);
  REQUIRE(world.timers().size() == 1);
  REQUIRE(world.writer.take());
  auto const& changes = world.writer.queue().changes();
  REQUIRE(changes.size() == 1);
  CHECK(changes[0]->events.size() == 1);
  CHECK(changes[0]->timers == std::vector<timer_change>{{timer_change::action::cancel, "t", {}, {}, {}}});
  CHECK(changes[0]->meta.correlation_id == "the-flow");
  CHECK(changes[0]->meta.causation_id == world.set_by.str());
  world.writer.end(*world.store, world.time.now());
  REQUIRE((*end)->accepted());
  CHECK(world.timers().empty());
  CHECK(world.version_of_a() == 2);
}

TEST_CASE("a timer that is fired twice has one effect") {
  timed_world world;
  auto const first = world.fire("t", world.due);
  auto const second = world.fire("t", world.due);
  world.settle();
  CHECK((*first)->accepted());
  CHECK(code_of(second) == errc::not_found);
  CHECK(world.version_of_a() == 2);
}

TEST_CASE("a timer that was moved or cancelled meanwhile does not fire at its old time") {
  timed_world world;
  auto const move = world.send({what::add, 1, 1, {set("t", world.due + 1h)}});
  auto const moved = world.fire("t", world.due);
  world.settle();
  CHECK((*move)->accepted());
  CHECK(code_of(moved) == errc::not_found);
  auto const cancel = world.send({what::add, 1, 1, {{timer_change::action::cancel, "t", {}, {}, {}}}});
  world.time.elapsed += 2h;
  auto const cancelled = world.fire("t", world.due + 1h);
  world.settle();
  CHECK(code_of(cancelled) == errc::not_found);
  auto const other = world.fire("other", world.due);
  world.settle();
  CHECK(code_of(other) == errc::not_found);
  CHECK(world.version_of_a() == 3);
}

TEST_CASE("commands that come while a timer is looked up wait behind it, in order") {
  timed_world world;
  auto const fired = world.fire("t", world.due);
  auto const first = world.send({what::add, 10});
  auto const second = world.send({what::add, 100});
  REQUIRE(world.writer.queue().empty());
  world.settle();
  REQUIRE((*fired)->reply().version == version{2});
  REQUIRE((*first)->reply().version == version{3});
  REQUIRE((*second)->reply().version == version{4});
}

TEST_CASE("a timer whose command is rejected or changes nothing is gone, with no event") {
  for (auto const* body : {"refuse", "nothing"}) {
    timed_world world(body);
    auto const end = world.fire("t", world.due);
    world.settle();
    REQUIRE(*end);
    CHECK((*end)->rejected() == (std::string(body) == "refuse"));
    CHECK_FALSE((*end)->failed());
    CHECK(world.timers().empty());
    CHECK(world.version_of_a() == 1);
  }
}

TEST_CASE("a decision that sets the timer again moves it") {
  timed_world world("again");
  auto const end = world.fire("t", world.due);
  world.settle();
  REQUIRE((*end)->accepted());
  auto const now = world.timers();
  REQUIRE(now.size() == 1);
  CHECK(now[0].due == world.due + 1h);
  CHECK(now[0].body == "1");
  auto const early = world.fire("t", world.due + 1h);
  world.settle();
  CHECK(code_of(early) == errc::recovering);
  world.time.elapsed += 1h;
  auto const again = world.fire("t", world.due + 1h);
  world.settle();
  CHECK((*again)->accepted());
  CHECK(world.timers().empty());
}

TEST_CASE("a timer is not fired before its time, whatever the caller believes") {
  life_world world;
  auto const due = world.time.now() + 1s;
  world.send({what::add, 1, 1, {set("t", due)}});
  world.settle();
  auto const early = world.fire("t", due);
  world.settle();
  CHECK(code_of(early) == errc::recovering);
  world.time.elapsed += 1s;
  auto const end = world.fire("t", due);
  world.settle();
  CHECK((*end)->accepted());
}

TEST_CASE("a timer stays set when user code throws") {
  timed_world world("throw");
  auto const end = world.fire("t", world.due);
  world.settle();
  CHECK(code_of(end) == errc::user_code_failed);
  CHECK(world.timers().size() == 1);
}

TEST_CASE("a timer that its process instance cannot handle stays set") {
  timed_world world("block");
  auto const end = world.fire("t", world.due);
  world.settle();
  CHECK(code_of(end) == errc::user_code_failed);
  CHECK(world.timers().size() == 1);
}

TEST_CASE("a timer stays set when its group is not stored, and fires when it is tried again") {
  timed_world world;
  auto const end = world.fire("t", world.due);
  world.run_background();
  world.fail_commit(errc::storage_full);
  CHECK(code_of(end) == errc::storage_full);
  CHECK(world.timers().size() == 1);
  world.settle();
  auto const again = world.fire("t", world.due);
  world.settle();
  CHECK((*again)->accepted());
  CHECK(world.timers().empty());
  CHECK(world.version_of_a() == 2);
}

TEST_CASE("a timer that fires on state that is lost is decided by the successor, once") {
  timed_world world;
  auto const before = world.send({what::add, 10});
  auto const end = world.fire("t", world.due);  // waits for the group before it
  world.fail_commit(errc::storage_full);
  world.settle();
  CHECK(code_of(before) == errc::storage_full);
  REQUIRE(*end);
  CHECK((*end)->accepted());
  CHECK(world.version_of_a() == 2);
  CHECK(world.timers().empty());
}

TEST_CASE("a timer that a command of the same group sets is found once that is durable") {
  life_world world;
  world.warm();
  auto const due = world.time.now();
  auto const setting = world.send({what::add, 1, 1, {set("t", due)}});
  auto const end = world.fire("t", due);
  REQUIRE_FALSE(*end);
  world.settle();
  CHECK((*setting)->accepted());
  CHECK((*end)->accepted());
}

TEST_CASE("a timer fires although its type wants a precondition") {
  life_world::settings chosen;
  chosen.type.requires_precondition = true;
  timed_world world("5", chosen);
  auto const end = world.fire("t", world.due);
  world.settle();
  CHECK((*end)->accepted());
}

TEST_CASE("a timer whose command is gone or reads no more stays set and says why") {
  life_world world;
  world.warm();
  auto const due = world.time.now();
  persistence::append one;
  one.type = world.type.number;
  one.id = aggregate_id::trusted("a");
  one.timers = {set("unknown", due, "5", "dance"), set("malformed", due, "five")};
  persistence::append* const group[] = {&one};
  REQUIRE(world.store->commit(group, due));
  auto const unknown = world.fire("unknown", due);
  auto const malformed = world.fire("malformed", due);
  world.settle();
  CHECK(code_of(unknown) == errc::unknown_command);
  CHECK(code_of(malformed) == errc::malformed);
  CHECK(world.store->timers_of({world.type.number, "a"})->size() == 2);
}

TEST_CASE("what could not fire later is refused when it is set, and nothing is stored") {
  life_world world;
  auto const now = world.time.now();
  auto const refusal = [&](counter_command command) {
    auto const end = world.send(std::move(command));
    world.settle();
    return (*end)->failed() ? std::string(name_of((*end)->error().code)) + " " + (*end)->error().message : std::string("accepted");
  };
  auto const with = [&](timer_change change) { return counter_command{what::add, 1, 1, {std::move(change)}}; };
  CHECK_THAT(refusal({what::nothing, 1, 1, {set("t", now)}}), Catch::StartsWith("user_code_failed") && Catch::Contains("without an event"));
  CHECK_THAT(refusal({what::nothing, 1, 1, {{timer_change::action::cancel, "t", {}, {}, {}}}}), Catch::Contains("without an event"));
  CHECK_THAT(refusal(with(set("", now))), Catch::StartsWith("user_code_failed") && Catch::Contains("1 to 128"));
  CHECK_THAT(refusal(with(set(std::string(129, 'x'), now))), Catch::Contains("1 to 128"));
  CHECK_THAT(refusal(with(set("a\nb", now))), Catch::Contains("control character"));
  CHECK_THAT(refusal(with(set("\xff", now))), Catch::Contains("UTF-8"));
  CHECK_THAT(refusal(with(set("t", now, "5", "dance"))), Catch::Contains("'dance', which its type does not have"));
  CHECK_THAT(refusal(with(set("t", now, "five"))), Catch::Contains("does not read"));
  CHECK_THAT(refusal(with(set("t", timestamp::max()))), Catch::Contains("0 to 9999"));
  CHECK_THAT(refusal(with(set("t", now, std::string(world.type.max_payload_bytes + 1, '0')))), Catch::Contains("a body of"));
  CHECK_THAT(refusal({what::add, 1, 1, std::vector<timer_change>(world.type.max_events_per_command + 1, set("t", now))}),
             Catch::StartsWith("limit_exceeded"));
  CHECK_THAT(refusal({what::add, 1, 1, std::vector<timer_change>(5, set("t", now, std::string(world.type.max_payload_bytes, '0')))}),
             Catch::StartsWith("limit_exceeded"));
  command_options dry;
  dry.dry_run = true;
  auto const tried = world.send({what::nothing, 1, 1, {set("t", now)}}, "a", dry);
  world.settle();
  CHECK(code_of(tried) == errc::user_code_failed);
  CHECK(world.store->head() == position{});
  CHECK(world.store->timers_pending() == 0);
  CHECK(refusal(with(set(std::string(128, 'x'), now))) == "accepted");
  CHECK(refusal(with({timer_change::action::cancel, "never set", {}, {}, {}})) == "accepted");
}
