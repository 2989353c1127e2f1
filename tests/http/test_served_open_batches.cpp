#include "tests/http/batches.hpp"
#include "tests/http/gates.hpp"

#include <optional>
#include <thread>

/// Batches while their commands are open.
using namespace evoke;
using namespace evoke::http;
using namespace evoke::http::tests;
using namespace std::chrono_literals;

namespace {

/// Ledgers, and a gate that is not in memory: its commands are open until the test opens it.
struct gated_world {
  explicit gated_world(server_options options = any_port(), runtime_options with = small_runtime())
      : world(
            std::move(options),
            [&] {
              with.passivate_after = 1ms;
              return with;
            }(),
            {},
            [] {
              auto types = ledgers::types();
              REQUIRE(types.add(define<gates::gate>()));
              return types;
            }()) {
    REQUIRE(world.command("gate/g/knock", R"({"number":1})").status == 201);
    wait_until([&] { return world.rt->info().resident_aggregates == 0; });
    shut.emplace();
  }

  [[nodiscard]] static tree knock(int number) { return entry("gate", "g", "knock", {{"number", number}}); }
  /// A connection on which a batch was sent, and so many of its commands are open.
  [[nodiscard]] raw_client send(commands const& entries, std::uint64_t open) const {
    auto client = world.connect();
    auto const body = tree(entries).dump();
    client.send("POST " + std::string(batch_target) + " HTTP/1.1\r\nHost: t\r\nContent-Length: " + std::to_string(body.size()) +
                "\r\n\r\n" + body);
    wait_until([&] { return world.rt->info().open_commands == open; });
    return client;
  }

  served_world world;
  std::optional<gates::closed> shut;  ///< after the world: opened before it stops
};

}  // namespace

TEST_CASE("commands of other aggregates do not wait for one that is slow") {
  gated_world slow;
  auto client = slow.send({gated_world::knock(2), opening("a"), booking("a", 1)}, 1);
  wait_until([&] { return head(slow.world) == 3; });
  slow.shut.reset();
  CHECK(statuses(outcomes(client.read())) == std::vector{200, 201, 200});
}

TEST_CASE("each command of a batch counts as open; those beyond the bound are refused, the others run") {
  auto with = small_runtime();
  with.limits.max_open_commands = 3;
  gated_world full(any_port(), with);
  auto client = full.send({gated_world::knock(2), gated_world::knock(3), gated_world::knock(4), gated_world::knock(5), opening("a")}, 3);
  // With all places taken nothing of another batch can run: that is the answer as a whole, and each outcome is there all the same.
  auto const refused = batch(full.world, {opening("b"), opening("c")});
  CHECK(refused.status == 503);
  CHECK(problem_of(refused) == "overloaded");
  CHECK(refused.header("retry-after") == "1");
  CHECK(statuses(json_of(refused)["outcomes"]) == std::vector{503, 503});
  full.shut.reset();
  auto const got = outcomes(client.read());
  CHECK(statuses(got) == std::vector{200, 200, 200, 503, 503});
  CHECK(slug(got[4]) == "overloaded");
  CHECK(got[4]["retry_after_ms"] == 100);
}

TEST_CASE("what is known at the deadline is told, the rest is of unknown outcome and goes on") {
  auto options = any_port();
  options.command_timeout = 300ms;
  gated_world slow(options);
  auto const got = outcomes(slow.world, {opening("a"), gated_world::knock(2), booking("a", -1)});
  CHECK(statuses(got) == std::vector{201, 504, 422});
  CHECK(slug(got[1]) == "outcome-unknown");
  auto const none = batch(slow.world, {gated_world::knock(3)});
  CHECK(none.status == 504);
  CHECK(problem_of(none) == "outcome-unknown");
  slow.shut.reset();
  wait_until([&] { return head(slow.world) == 4; });
}

TEST_CASE("a client that goes away does not keep its commands from running") {
  gated_world slow;
  slow.send({gated_world::knock(2), opening("a"), gated_world::knock(3)}, 2).reset();
  slow.shut.reset();
  wait_until([&] { return head(slow.world) == 4; });
  CHECK(json_of(slow.world.get("/v1/aggregates/gate/g"))["state"]["last"] == 3);
}

TEST_CASE("stopping finishes a batch under way") {
  gated_world slow;
  auto client = slow.send({gated_world::knock(2), opening("a")}, 1);
  auto idle = slow.world.connect();
  CHECK(idle.ask("GET", "/livez").status == 200);
  std::jthread stopping([&] { slow.world.http->stop(10s); });
  CHECK(idle.closed_by_server());
  slow.shut.reset();
  auto const got = client.read();
  CHECK(statuses(outcomes(got)) == std::vector{200, 201});
  CHECK(got.header("connection") == "close");
}
