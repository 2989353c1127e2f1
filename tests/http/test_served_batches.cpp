#include "tests/http/batches.hpp"

using namespace evoke;
using namespace evoke::http;
using namespace evoke::http::tests;
using namespace std::chrono_literals;

TEST_CASE("a batch answers each command in its place") {
  served_world world;
  auto const got = outcomes(world, {opening("a"), booking("a", 5), opening("b")});
  REQUIRE(statuses(got) == std::vector{201, 200, 201});
  CHECK(got[0]["aggregate_type"] == "ledger");
  CHECK(got[0]["aggregate_id"] == "a");
  CHECK(got[0]["version"] == 1);
  CHECK(got[0]["events"][0]["event_type"] == "ledger_opened");
  CHECK(got[0]["events"][0]["event_id"].get<std::string>().size() == 36);
  CHECK(got[1]["version"] == 2);
  CHECK(got[2]["aggregate_id"] == "b");
  CHECK(got[2]["version"] == 1);
  CHECK(head(world) == 3);
}

TEST_CASE("commands of one aggregate run in the order of the batch, also when it is not in memory") {
  auto with = small_runtime();
  with.passivate_after = 1ms;
  served_world world(any_port(), with);
  constexpr int ledgers = 7;
  constexpr int rounds = 100;
  commands entries;
  for (int i = 0; i < ledgers; ++i) entries.push_back(opening("l-" + std::to_string(i)));
  for (int amount = 1; amount <= rounds; ++amount)
    for (int i = 0; i < ledgers; ++i) entries.push_back(booking("l-" + std::to_string(i), amount));
  for (auto const status : statuses(outcomes(world, entries))) CHECK(status < 300);
  wait_until([&] { return world.rt->info().resident_aggregates == 0; });
  entries.erase(entries.begin(), entries.begin() + ledgers);
  auto const got = outcomes(world, entries);
  for (std::size_t i = 0; i < got.size(); ++i) REQUIRE(got[i]["version"] == 2 + rounds + i / ledgers);
  for (int i = 0; i < ledgers; ++i) {
    auto const events = json_of(world.get("/v1/streams/ledger/l-" + std::to_string(i) + "?limit=1000"))["events"];
    REQUIRE(events.size() == 1 + 2 * rounds);
    for (std::size_t k = 1; k < events.size(); ++k) REQUIRE(events[k]["data"]["amount"] == 1 + (k - 1) % rounds);
  }
}

TEST_CASE("one command fails and the others run") {
  served_world world;
  auto const nothing_known = entry("ledger", "l", "nothing", tree::object());
  auto const got =
      outcomes(world, {opening("l"), booking("l", -1), booking("l", 5), nothing_known, entry("nothing", "l", "x", tree::object()),
                       opening("."), tree(7), entry("door", "d", "build", {{"color", "red"}}),
                       entry("ledger", "l", "misbehave", {{"how", "decide"}}), opening("l"), booking("none", 1), booking("l", 2)});
  CHECK(statuses(got) == std::vector{201, 422, 200, 404, 404, 400, 400, 428, 500, 409, 404, 200});
  CHECK(slug(got[1]) == "rejection#overdrawn");
  CHECK(got[1]["code"] == "overdrawn");
  CHECK(got[1]["current_version"] == 1);
  CHECK(slug(got[3]) == "unknown-command");
  CHECK(slug(got[4]) == "unknown-type");
  CHECK(slug(got[5]) == "invalid-argument");
  CHECK(slug(got[6]) == "malformed");
  CHECK(slug(got[7]) == "precondition-required");
  CHECK(slug(got[8]) == "user-code-failed");
  CHECK(got[11]["version"] == 3);
  CHECK(json_of(world.get("/v1/aggregates/ledger/l"))["state"]["sum"] == 7);
}

TEST_CASE("an outcome is what the command's own reply would have been") {
  served_world alone;
  served_world together;
  commands const entries = {opening("l"),     booking("l", 3),    booking("l", 0),
                            booking("l", -9), booking("none", 1), entry("ledger", "l", "book", {{"amount", "x"}})};
  auto const got = outcomes(together, entries);
  for (std::size_t i = 0; i < entries.size(); ++i) {
    INFO(entries[i]);
    auto const& each = entries[i];
    auto const single =
        alone.command("ledger/" + each["aggregate_id"].get<std::string>() + "/" + each["command"].get<std::string>(), each["body"].dump());
    auto expected = json_of(single);
    expected["status"] = single.status;
    auto outcome = got[i];
    // Stores have ids of their own, and a batch is a body of its own.
    for (auto* events : {&expected, &outcome})
      if (events->contains("events"))
        for (auto& event : (*events)["events"]) event.erase("event_id");
    if (expected.contains("errors"))
      for (auto& error : expected["errors"]) error["pointer"] = "/" + std::to_string(i) + "/body" + error["pointer"].get<std::string>();
    CHECK(outcome == expected);
  }
}

TEST_CASE("fields that do not fit are pointed at in the batch") {
  served_world world;
  auto const got = outcomes(world, {opening("l"), entry("ledger", "l", "book", {{"amount", "x"}, {"times", 1}}), {{"command", 3}}});
  CHECK(got[1]["errors"][0]["pointer"] == "/1/body/amount");
  CHECK(got[2]["errors"][0]["pointer"].get<std::string>().starts_with("/2/"));
}

TEST_CASE("of two commands in a batch with one expected version the first wins") {
  served_world world;
  auto const got =
      outcomes(world, {opening("l", {{"expected_version", 0}}), opening("l", {{"expected_version", 0}}),
                       booking("l", 1, {{"expected_version", 1}}), booking("l", 2, {{"expected_version", 1}}),
                       booking("l", 3, {{"expected_version", {1, 2}}}), booking("l", 4, {{"expected_version", {7, 8}}}),
                       booking("l", 5, {{"expected_version", "exists"}}), booking("none", 6, {{"expected_version", "exists"}})});
  CHECK(statuses(got) == std::vector{201, 412, 200, 412, 200, 412, 200, 412});
  CHECK(slug(got[3]) == "version-mismatch");
  CHECK(got[1]["expected_version"] == 0);
  CHECK(got[1]["current_version"] == 1);
  CHECK(got[3]["expected_version"] == 1);
  CHECK(got[3]["current_version"] == 2);
  CHECK(got[5]["expected_version"] == tree{7, 8});
  CHECK(got[7]["expected_version"] == "exists");
  CHECK(got[7]["current_version"] == 0);
}

TEST_CASE("the same batch again has no effect and the same outcomes") {
  served_world world;
  commands const entries = {opening("l", {{"idempotency_key", "k-1"}}), booking("l", 5, {{"idempotency_key", "k-2"}}),
                            booking("l", -9, {{"idempotency_key", "k-3"}})};
  auto first = outcomes(world, entries);
  auto again = outcomes(world, entries);
  CHECK(statuses(first) == std::vector{201, 200, 422});
  for (auto& each : again) {
    CHECK(each["idempotency_replayed"] == true);
    each.erase("idempotency_replayed");
  }
  // A replay tells where the aggregate is now, so that a read can wait for all of it.
  CHECK(again[0]["position"] == 2);
  again[0]["position"] = 1;
  first[2].erase("current_version");  // which a stored rejection has not
  CHECK(again == first);
  CHECK(head(world) == 2);
  auto const other = outcomes(world, {booking("l", 6, {{"idempotency_key", "k-2"}})});
  CHECK(slug(other[0]) == "key-reused");
}

TEST_CASE("a key is the same in a batch and in a request of its own, however the text is escaped") {
  served_world world;
  auto const body = R"({"owner": "\u00e9\/"})";
  CHECK(world.command("ledger/l/open_ledger", body, "Idempotency-Key: k\r\n").status == 201);
  auto const text = std::string(R"([{"aggregate_type":"ledger","aggregate_id":"l","command":"open_ledger","idempotency_key":"k","body":)");
  auto const got = outcomes(world.ask("POST", batch_target, "", text + body + "}]"));
  CHECK(got[0]["status"] == 201);
  CHECK(got[0]["idempotency_replayed"] == true);
}

TEST_CASE("headers and parameters hold for every command whose entry says nothing else") {
  served_world world;
  auto const headers =
      "Correlation-Id: flow-9\r\nCausation-Id: cause-9\r\n"
      "traceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01\r\n";
  outcomes(world, {opening("a"), opening("b", {{"correlation_id", "mine"}})}, headers);
  auto const a = json_of(world.get("/v1/streams/ledger/a"))["events"][0]["metadata"];
  CHECK(a["correlation_id"] == "flow-9");
  CHECK(a["causation_id"] == "cause-9");
  CHECK(a["traceparent"] == "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
  auto const b = json_of(world.get("/v1/streams/ledger/b"))["events"][0]["metadata"];
  CHECK(b["correlation_id"] == "mine");
  CHECK(b["causation_id"] == "cause-9");
  auto const dry = outcomes(world, {opening("c"), opening("d", {{"dry_run", false}})}, "", "?dry_run=true");
  CHECK(dry[0]["dry_run"] == true);
  CHECK(dry[0]["state"]["owner"] == "ann");
  CHECK(statuses(dry) == std::vector{200, 201});
  CHECK(world.get("/v1/aggregates/ledger/c").status == 404);
}

TEST_CASE("a batch may be answered briefly, or with states, also replayed ones") {
  served_world world;
  auto const brief = outcomes(world, {opening("l"), booking("l", 1, {{"prefer", ""}}), booking("l", -9)}, "Prefer: return=minimal\r\n");
  CHECK(brief[0] == tree{{"status", 204}, {"version", 1}, {"position", 1}});
  CHECK(brief[1].contains("events"));
  CHECK(slug(brief[2]) == "rejection#overdrawn");
  commands const keyed = {booking("l", 1, {{"idempotency_key", "k"}}), booking("l", 2)};
  for (int i = 0; i < 2; ++i) {
    auto const full = outcomes(world, keyed, "Prefer: return=representation\r\n");
    CHECK(full[0]["state"]["sum"] == 2);
    CHECK(full[1]["state"]["sum"] == 4 + 2 * i);
  }
}

TEST_CASE("states that are too much for one reply are left out") {
  auto with = small_runtime();
  with.limits.max_page_bytes = 60;
  served_world world(any_port(), with);
  auto const got = outcomes(world, {opening("a"), opening("b"), opening("c")}, "Prefer: return=representation\r\n");
  auto const holding = std::ranges::count_if(got, [](tree const& each) { return each.contains("state"); });
  CHECK(statuses(got) == std::vector{201, 201, 201});
  CHECK(holding == 2);
}

TEST_CASE("the token of a batch is of the last event of all its commands") {
  served_world world;
  auto const got = batch(world, {opening("a"), opening("b"), booking("a", 1)});
  // Which of the two came last is nobody's to say.
  std::string last;
  for (auto const& each : outcomes(got))
    if (each["position"] == 3) last = each["aggregate_id"];
  CHECK(got.header("consistency-token") == world.get("/v1/aggregates/ledger/" + last).header("consistency-token"));
  CHECK(batch(world, {booking("a", -99)}).header("consistency-token").empty());
  CHECK(batch(world, {opening("c", {{"dry_run", true}})}).header("consistency-token").empty());
}

TEST_CASE("more commands than a batch may hold are refused as a whole") {
  auto options = any_port();
  options.max_batch_commands = 3;
  served_world world(options);
  CHECK(outcomes(world, {opening("a"), opening("b"), opening("c")}).size() == 3);
  auto const got = batch(world, {opening("d"), opening("e"), opening("f"), opening("g")});
  CHECK(got.status == 413);
  CHECK(problem_of(got) == "content-too-large");
  CHECK(head(world) == 3);
  CHECK(json_of(world.get("/v1/info"))["limits"]["max_batch_commands"] == 3);
}

TEST_CASE("a body that is no batch is refused as a whole and nothing runs") {
  auto options = any_port();
  options.max_body_bytes = 1000;
  served_world world(options);
  auto const good = opening("l").dump();
  for (auto const& body :
       {good, "[" + good, "[" + good + ",]", "[" + good + "]]", std::string("[]"), std::string(), "[" + good + ",\"\xFF\"]"}) {
    INFO(body);
    auto const got = world.ask("POST", batch_target, "", body);
    CHECK(got.status == 400);
    CHECK(problem_of(got) == "malformed");
  }
  CHECK(world.ask("POST", batch_target, "", "[" + good + std::string(1000, ' ') + "]").status == 413);
  CHECK(world.ask("POST", batch_target, "Content-Type: application/x-ndjson\r\n", good).status == 415);
  CHECK(world.ask("GET", batch_target).header("allow") == "POST, OPTIONS");
  CHECK(world.ask("POST", "/v1/commands:batch?atomic=true", "", "[" + good + "]").status == 400);
  CHECK(head(world) == 0);
}

TEST_CASE("headers that are of one command are refused on a batch") {
  served_world world;
  for (std::string const header : {"If-Match: \"1\"", "If-None-Match: *", "Idempotency-Key: k"}) {
    INFO(header);
    auto const got = batch(world, {opening("l")}, header + "\r\n");
    CHECK(got.status == 400);
    CHECK(problem_of(got) == "invalid-argument");
  }
  CHECK(head(world) == 0);
}

TEST_CASE("each command of a batch is counted") {
  served_world world;
  outcomes(world, {opening("a"), booking("a", 1), booking("a", -5)});
  auto const text = world.get("/metrics").body;
  CHECK(text.find("evoke_commands_total{outcome=\"succeeded\"} 2") != std::string::npos);
  CHECK(text.find("evoke_commands_total{outcome=\"rejected\"} 1") != std::string::npos);
}

TEST_CASE("a draining runtime refuses a batch as a whole") {
  served_world world;
  world.rt->drain();
  auto const got = batch(world, {opening("a"), opening("b")});
  CHECK(got.status == 503);
  CHECK(problem_of(got) == "draining");
  CHECK(json_of(got)["outcomes"].size() == 2);
}
