#include "tests/http/served_world.hpp"

#include <thread>

using namespace evoke;
using namespace evoke::http;
using namespace evoke::http::tests;

TEST_CASE("a command that creates answers 201 with where the aggregate is") {
  served_world world;
  auto const got = world.command("ledger/l-1/open_ledger", R"({"owner":"ann"})");
  CHECK(got.status == 201);
  CHECK(got.header("location") == "/v1/aggregates/ledger/l-1");
  CHECK(got.header("etag") == "\"1\"");
  CHECK_FALSE(got.header("consistency-token").empty());
  auto const body = json_of(got);
  CHECK(body["aggregate_type"] == "ledger");
  CHECK(body["aggregate_id"] == "l-1");
  CHECK(body["version"] == 1);
  CHECK(body["position"] == 1);
  REQUIRE(body["events"].size() == 1);
  CHECK(body["events"][0]["event_type"] == "ledger_opened");
  CHECK(body["events"][0]["version"] == 1);
  CHECK(body["events"][0]["position"] == 1);
  CHECK(body["events"][0]["event_id"].get<std::string>().size() == 36);
  CHECK_FALSE(body.contains("state"));
}

TEST_CASE("a later command answers 200 without a location") {
  served_world world;
  world.command("ledger/l/open_ledger", R"({"owner":"ann"})");
  auto const got = world.command("ledger/l/book", R"({"amount":5,"times":2})");
  CHECK(got.status == 200);
  CHECK(got.header("location") == "");
  CHECK(got.header("etag") == "\"3\"");
  CHECK(json_of(got)["events"].size() == 2);
}

TEST_CASE("a command that changes nothing answers 200 with the version and token there were") {
  served_world world;
  auto const before = world.command("ledger/l/open_ledger", R"({"owner":"ann"})");
  auto const got = world.command("ledger/l/book", R"({"amount":0,"times":1})");
  CHECK(got.status == 200);
  CHECK(got.header("etag") == "\"1\"");
  CHECK(got.header("consistency-token") == before.header("consistency-token"));
  CHECK(json_of(got)["events"].empty());
}

TEST_CASE("the location of an id is percent-encoded") {
  served_world world;
  auto const got = world.command("ledger/caf%C3%A9%20%231/open_ledger", R"({"owner":"ann"})");
  CHECK(got.header("location") == "/v1/aggregates/ledger/caf%C3%A9%20%231");
  CHECK(json_of(got)["aggregate_id"] == "caf\xC3\xA9 #1");
  CHECK(world.get(got.header("location")).status == 200);
}

TEST_CASE("links are absolute when the server knows its public address") {
  auto options = any_port();
  options.public_url = "https://books.example";
  served_world world(options);
  CHECK(world.command("ledger/l/open_ledger", R"({"owner":"a"})").header("location") == "https://books.example/v1/aggregates/ledger/l");
}

TEST_CASE("a domain's no has the status of its kind and its own type") {
  served_world world;
  world.command("door/d/build", R"({"color":"red"})", "If-None-Match: *\r\n");
  struct {
    std::string kind;
    int status;
    std::string code;
  } const cases[] = {
      {"invalid", 422, "not_a_door"}, {"conflict", 409, "stuck"}, {"not_found", 404, "walled_up"}, {"forbidden", 403, "locked"}};
  for (auto const& each : cases) {
    INFO(each.kind);
    auto const got = world.command("door/d/refuse", R"({"kind":")" + each.kind + "\"}", "If-Match: \"1\"\r\n");
    CHECK(got.status == each.status);
    CHECK(problem_of(got) == "rejection#" + each.code);
    CHECK(json_of(got)["code"] == each.code);
    CHECK(json_of(got)["kind"] == each.kind);
    CHECK(json_of(got)["current_version"] == 1);
  }
}

TEST_CASE("a rejection's details are members a program can use") {
  served_world world;
  auto const got = world.command("door/d/refuse", R"({"kind":"invalid"})", "If-None-Match: *\r\n");
  CHECK(json_of(got)["details"]["looks_like"] == "window");
}

TEST_CASE("If-Match lets exactly its version through") {
  served_world world;
  world.command("ledger/l/open_ledger", R"({"owner":"ann"})");
  auto const got = world.command("ledger/l/book", R"({"amount":1,"times":1})", "If-Match: \"1\"\r\n");
  CHECK(got.status == 200);
  auto const stale = world.command("ledger/l/book", R"({"amount":1,"times":1})", "If-Match: \"1\"\r\n");
  CHECK(stale.status == 412);
  CHECK(problem_of(stale) == "version-mismatch");
  CHECK(json_of(stale)["current_version"] == 2);
  CHECK(json_of(stale)["expected_version"] == 1);
}

TEST_CASE("If-Match takes a list, in one line or several, and never a weak tag") {
  served_world world;
  world.command("ledger/l/open_ledger", R"({"owner":"ann"})");
  auto const nothing = R"({"amount":0,"times":1})";
  CHECK(world.command("ledger/l/book", nothing, "If-Match: \"7\", \"1\"\r\n").status == 200);
  CHECK(world.command("ledger/l/book", nothing, "If-Match: \"7\"\r\nIf-Match: \"1\"\r\n").status == 200);
  CHECK(world.command("ledger/l/book", nothing, "If-Match: W/\"1\"\r\n").status == 412);
  CHECK(world.command("ledger/l/book", nothing, "If-Match: \"xyz\"\r\n").status == 412);
  CHECK(world.command("ledger/l/book", nothing, "If-Match: *\r\n").status == 200);
}

TEST_CASE("on an absent aggregate If-Match fails with current version 0") {
  served_world world;
  for (std::string const tag : {"\"1\"", "*"}) {
    auto const got = world.command("ledger/none/open_ledger", R"({"owner":"a"})", "If-Match: " + tag + "\r\n");
    CHECK(got.status == 412);
    CHECK(json_of(got)["current_version"] == 0);
  }
}

TEST_CASE("If-None-Match with a star creates once") {
  served_world world;
  CHECK(world.command("ledger/l/open_ledger", R"({"owner":"ann"})", "If-None-Match: *\r\n").status == 201);
  auto const got = world.command("ledger/l/open_ledger", R"({"owner":"ann"})", "If-None-Match: *\r\n");
  CHECK(got.status == 412);
  CHECK(json_of(got)["current_version"] == 1);
}

TEST_CASE("a type may demand a precondition") {
  served_world world;
  auto const got = world.command("door/d/build", R"({"color":"red"})");
  CHECK(got.status == 428);
  CHECK(problem_of(got) == "precondition-required");
}

TEST_CASE("the same key and request have their effect once") {
  served_world world;
  world.command("ledger/l/open_ledger", R"({"owner":"ann"})");
  auto const first = world.command("ledger/l/book", R"({"amount":5,"times":1})", "Idempotency-Key: \"k-1\"\r\n");
  auto const again = world.command("ledger/l/book", "{ \"amount\": 5, \"times\": 1 }", "Idempotency-Key: k-1\r\n");
  CHECK(first.header("idempotency-replayed") == "");
  CHECK(again.header("idempotency-replayed") == "true");
  CHECK(again.status == first.status);
  CHECK(json_of(again) == json_of(first));
  CHECK(again.header("etag") == first.header("etag"));
  CHECK(json_of(world.get("/v1/aggregates/ledger/l"))["state"]["sum"] == 5);
}

TEST_CASE("a replayed creation answers 201 again") {
  served_world world;
  auto const key = "Idempotency-Key: \"make\"\r\n";
  CHECK(world.command("ledger/l/open_ledger", R"({"owner":"ann"})", key).status == 201);
  auto const again = world.command("ledger/l/open_ledger", R"({"owner":"ann"})", key);
  CHECK(again.status == 201);
  CHECK(again.header("location") == "/v1/aggregates/ledger/l");
}

TEST_CASE("a rejection is replayed like a success") {
  served_world world;
  auto const key = "Idempotency-Key: \"too-much\"\r\n";
  world.command("ledger/l/open_ledger", R"({"owner":"ann"})");
  CHECK(world.command("ledger/l/book", R"({"amount":-1,"times":1})", key).status == 422);
  world.command("ledger/l/book", R"({"amount":10,"times":1})");
  auto const again = world.command("ledger/l/book", R"({"amount":-1,"times":1})", key);
  CHECK(again.status == 422);
  CHECK(again.header("idempotency-replayed") == "true");
  CHECK(problem_of(again) == "rejection#overdrawn");
}

TEST_CASE("a key is checked before If-Match") {
  served_world world;
  world.command("ledger/l/open_ledger", R"({"owner":"ann"})");
  auto const headers = "Idempotency-Key: \"k\"\r\nIf-Match: \"1\"\r\n";
  CHECK(world.command("ledger/l/book", R"({"amount":5,"times":1})", headers).status == 200);
  CHECK(world.command("ledger/l/book", R"({"amount":5,"times":1})", headers).status == 200);
}

TEST_CASE("the same key with another request is refused") {
  served_world world;
  world.command("ledger/l/open_ledger", R"({"owner":"ann"})");
  auto const key = "Idempotency-Key: \"k\"\r\n";
  CHECK(world.command("ledger/l/book", R"({"amount":5,"times":1})", key).status == 200);
  auto const other = world.command("ledger/l/book", R"({"amount":6,"times":1})", key);
  CHECK(other.status == 422);
  CHECK(problem_of(other) == "key-reused");
}

TEST_CASE("a key belongs to one aggregate") {
  served_world world;
  auto const key = "Idempotency-Key: \"k\"\r\n";
  CHECK(world.command("ledger/a/open_ledger", R"({"owner":"ann"})", key).status == 201);
  auto const other = world.command("ledger/b/open_ledger", R"({"owner":"bob"})", key);
  CHECK(other.status == 201);
  CHECK(other.header("idempotency-replayed") == "");
}

TEST_CASE("return=minimal answers 204 with the headers only") {
  served_world world;
  auto const got = world.command("ledger/l/open_ledger", R"({"owner":"ann"})", "Prefer: return=minimal\r\n");
  CHECK(got.status == 204);
  CHECK(got.header("etag") == "\"1\"");
  CHECK(got.header("location") == "/v1/aggregates/ledger/l");
  CHECK(got.header("preference-applied") == "return=minimal");
  CHECK_FALSE(got.header("consistency-token").empty());
}

TEST_CASE("return=representation puts the state into the reply, replayed or not") {
  served_world world;
  world.command("ledger/l/open_ledger", R"({"owner":"ann"})");
  auto const headers = "Prefer: return=representation\r\nIdempotency-Key: \"k\"\r\n";
  auto const first = world.command("ledger/l/book", R"({"amount":5,"times":1})", headers);
  CHECK(first.header("preference-applied") == "return=representation");
  CHECK(json_of(first)["state"] == nlohmann::json::parse(R"({"owner":"ann","sum":5})"));
  world.command("ledger/l/book", R"({"amount":7,"times":1})");
  auto const again = world.command("ledger/l/book", R"({"amount":5,"times":1})", headers);
  CHECK(again.header("idempotency-replayed") == "true");
  CHECK(json_of(again)["state"]["sum"] == 5);
}

TEST_CASE("a dry run decides and stores nothing") {
  served_world world;
  world.command("ledger/l/open_ledger", R"({"owner":"ann"})");
  auto const got = world.ask("POST", "/v1/aggregates/ledger/l/commands/book?dry_run=true", "", R"({"amount":3,"times":2})");
  CHECK(got.status == 200);
  auto const body = json_of(got);
  CHECK(body["dry_run"] == true);
  CHECK(body["version"] == 3);
  REQUIRE(body["events"].size() == 2);
  CHECK(body["events"][0] == nlohmann::json::parse(R"({"event_type":"booked","version":2,"data":{"amount":3}})"));
  CHECK(body["state"]["sum"] == 6);
  CHECK(got.header("etag") == "");
  CHECK(world.get("/v1/aggregates/ledger/l").header("etag") == "\"1\"");
  CHECK(json_of(world.get("/v1/info"))["head"] == 1);
}

TEST_CASE("a dry run does not use up its idempotency key") {
  served_world world;
  auto const key = "Idempotency-Key: \"k\"\r\n";
  auto const body = R"({"owner":"ann"})";
  CHECK(world.ask("POST", "/v1/aggregates/ledger/l/commands/open_ledger?dry_run=true", key, body).status == 200);
  auto const real = world.command("ledger/l/open_ledger", body, key);
  CHECK(real.status == 201);
  CHECK(real.header("idempotency-replayed") == "");
}

TEST_CASE("metadata of a command stands in its events") {
  served_world world;
  world.command(
      "ledger/l/open_ledger", R"({"owner":"ann"})",
      "Correlation-Id: flow-9\r\nCausation-Id: cause-9\r\ntraceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01\r\n"
      "tracestate: a=1\r\n");
  auto const event = json_of(world.get("/v1/streams/ledger/l"))["events"][0];
  CHECK(event["metadata"]["correlation_id"] == "flow-9");
  CHECK(event["metadata"]["causation_id"] == "cause-9");
  CHECK(event["metadata"]["traceparent"] == "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
  CHECK(event["metadata"]["tracestate"] == "a=1");
}

TEST_CASE("a malformed traceparent is dropped, not refused") {
  served_world world;
  CHECK(world.command("ledger/l/open_ledger", R"({"owner":"ann"})", "traceparent: nonsense\r\ntracestate: a=1\r\n").status == 201);
  auto const event = json_of(world.get("/v1/streams/ledger/l"))["events"][0];
  CHECK_FALSE(event["metadata"].contains("traceparent"));
  CHECK_FALSE(event["metadata"]["correlation_id"].get<std::string>().empty());
}

TEST_CASE("user code that throws is a 500 and leaves nothing") {
  served_world world;
  world.command("ledger/l/open_ledger", R"({"owner":"ann"})");
  auto const got = world.command("ledger/l/misbehave", R"({"how":"decide"})");
  CHECK(got.status == 500);
  CHECK(problem_of(got) == "user-code-failed");
  CHECK(json_of(world.get("/v1/info"))["head"] == 1);
  CHECK(world.command("ledger/l/book", R"({"amount":1,"times":1})").status == 200);
}

TEST_CASE("more events than a command may cause are refused") {
  served_world world;
  world.command("ledger/l/open_ledger", R"({"owner":"ann"})");
  auto const got = world.command("ledger/l/book", R"({"amount":1,"times":1001})");
  CHECK(got.status == 422);
  CHECK(problem_of(got) == "limit-exceeded");
  CHECK(json_of(world.get("/v1/info"))["head"] == 1);
}

TEST_CASE("of two clients with the same If-Match exactly one wins") {
  served_world world;
  world.command("ledger/l/open_ledger", R"({"owner":"ann"})");
  for (int round = 1; round <= 50; ++round) {
    std::array<int, 2> status{};
    auto const headers = "If-Match: \"" + std::to_string(round) + "\"\r\n";
    {
      std::vector<std::jthread> clients;
      for (auto& each : status)
        clients.emplace_back(
            [&world, &each, &headers] { each = world.command("ledger/l/book", R"({"amount":1,"times":1})", headers).status; });
    }
    std::ranges::sort(status);
    REQUIRE(status[0] == 200);
    REQUIRE(status[1] == 412);
  }
}

TEST_CASE("of very many concurrent creates of one id one succeeds") {
  served_world world;
  std::atomic<int> created{0};
  std::atomic<int> refused{0};
  {
    std::vector<std::jthread> clients;
    for (int i = 0; i < 20; ++i)
      clients.emplace_back([&] {
        auto client = world.connect();
        for (int k = 0; k < 50; ++k) {
          auto const status =
              client.ask("POST", "/v1/aggregates/ledger/one/commands/open_ledger", "If-None-Match: *\r\n", R"({"owner":"ann"})").status;
          if (status == 201) ++created;
          if (status == 412) ++refused;
        }
      });
  }
  CHECK(created == 1);
  CHECK(refused == 999);
}
