#include "tests/http/served_world.hpp"

using namespace evoke;
using namespace evoke::http;
using namespace evoke::http::tests;

namespace {

constexpr char const* open = "/v1/aggregates/ledger/l/commands/open_ledger";

std::string first_pointer(answer const& got) {
  CHECK(got.status == 400);
  return json_of(got)["errors"][0]["pointer"];
}

}  // namespace

TEST_CASE("bodies that are not JSON are malformed") {
  served_world world;
  for (std::string const body :
       {"{", "nonsense", "[]", "7", "\"x\"", "null", "{}{}", "{\"owner\":\"a\",}", "{'owner':'a'}", "\xEF\xBB\xBF{\"owner\":\"a\"}",
        "{\"owner\":NaN}", "{\"owner\":\"a\",\"owner\":\"b\"}", "{\"owner\":\"\xFF\"}", "{\"owner\":\"\\ud800\"}"}) {
    INFO(body);
    auto const got = world.ask("POST", open, "", body);
    CHECK(got.status == 400);
    CHECK(problem_of(got) == "malformed");
  }
  CHECK(json_of(world.get("/v1/info"))["head"] == 0);
}

TEST_CASE("fields that do not fit are named by JSON pointers") {
  served_world world;
  CHECK(first_pointer(world.ask("POST", open, "", "{}")) == "/owner");
  CHECK(first_pointer(world.ask("POST", open)) == "/owner");
  CHECK(first_pointer(world.ask("POST", open, "", R"({"owner":7})")) == "/owner");
  CHECK(first_pointer(world.ask("POST", open, "", R"({"owner":"a","color":1})")) == "/color");
  auto const book = "/v1/aggregates/ledger/l/commands/book";
  CHECK(first_pointer(world.ask("POST", book, "", R"({"amount":1.5,"times":1})")) == "/amount");
  CHECK(first_pointer(world.ask("POST", book, "", R"({"amount":9223372036854775808,"times":1})")) == "/amount");
}

TEST_CASE("deeply nested JSON is refused") {
  served_world world;
  auto const deep = R"({"owner":)" + std::string(100'000, '[') + std::string(100'000, ']') + "}";
  CHECK(world.ask("POST", open, "", deep).status == 400);
  CHECK(world
            .ask("POST", "/v1/streams/import/x", "",
                 R"([{"event_type":"a","data":)" + std::string(100'000, '[') + std::string(100'000, ']') + "}]")
            .status == 400);
}

TEST_CASE("a body beyond the limit is refused") {
  auto options = any_port();
  options.max_body_bytes = 1000;
  served_world world(options);
  CHECK(world.ask("POST", open, "", R"({"owner":")" + std::string(980, 'x') + "\"}").status == 201);
  auto const got = world.ask("POST", open, "", R"({"owner":")" + std::string(1000, 'x') + "\"}");
  CHECK(got.status == 413);
  CHECK(problem_of(got) == "content-too-large");
}

TEST_CASE("bodies of another type are refused") {
  served_world world;
  CHECK(problem_of(world.ask("POST", open, "Content-Type: text/plain\r\n", R"({"owner":"a"})")) == "unsupported-media-type");
  CHECK(problem_of(world.ask("POST", "/v1/streams/import/x", "Content-Type: application/x-www-form-urlencoded\r\n", "[]")) ==
        "unsupported-media-type");
  CHECK(world.ask("POST", open, "Content-Type: application/json; charset=utf-8\r\n", R"({"owner":"a"})").status == 201);
}

TEST_CASE("unknown types and commands are not found") {
  served_world world;
  CHECK(problem_of(world.command("nothing/l/open_ledger", "{}")) == "unknown-type");
  CHECK(problem_of(world.command("ledger/l/nothing", "{}")) == "unknown-command");
  CHECK(problem_of(world.command("Ledger/l/open_ledger", "{}")) == "unknown-type");
}

TEST_CASE("ids that break the rule are refused") {
  served_world world;
  for (auto const& id : std::vector<std::string>{".", "..", "%2E%2E", "a%2Fb", "%20a", "a%20", "a%0Ab", "a%7F", std::string(129, 'x')}) {
    INFO(id);
    CHECK(world.command("ledger/" + id + "/open_ledger", R"({"owner":"a"})").status == 400);
    CHECK(world.get("/v1/aggregates/ledger/" + id).status == 400);
    CHECK(world.get("/v1/streams/ledger/" + id).status == 400);
    CHECK(world.ask("POST", "/v1/streams/import/" + id, "", R"([{"event_type":"a","data":1}])").status == 400);
  }
  CHECK(world.command("ledger/" + std::string(128, 'x') + "/open_ledger", R"({"owner":"a"})").status == 201);
  CHECK(world.command("ledger//open_ledger", "{}").status == 404);
  CHECK(json_of(world.get("/v1/info"))["head"] == 1);
}

TEST_CASE("event ids that are none are refused") {
  served_world world;
  CHECK(world.get("/v1/events/7").status == 400);
  CHECK(world.get("/v1/events/0190c5a2-7e3b-7abc-9def-1234567890aX").status == 400);
}

TEST_CASE("headers that do not parse are refused") {
  served_world world;
  for (std::string const header :
       {"If-Match: 1", "If-Match: \"1", "If-Match:", "If-None-Match: \"1\"", "If-Match: \"1\"\r\nIf-None-Match: *", "Idempotency-Key: \"",
        "Idempotency-Key: a b", "Idempotency-Key:", "Idempotency-Key: a\r\nIdempotency-Key: b"}) {
    INFO(header);
    auto const got = world.command("ledger/l/open_ledger", R"({"owner":"a"})", header + "\r\n");
    CHECK(got.status == 400);
    CHECK(problem_of(got) == "invalid-argument");
  }
  CHECK(world.command("ledger/l/open_ledger", R"({"owner":"a"})", "Correlation-Id: " + std::string(129, 'x') + "\r\n").status == 400);
  CHECK(json_of(world.get("/v1/info"))["head"] == 0);
}

TEST_CASE("parameters that a route does not know are refused") {
  served_world world;
  CHECK(world.ask("POST", std::string(open) + "?dry_run=perhaps", "", R"({"owner":"a"})").status == 400);
  CHECK(world.ask("POST", std::string(open) + "?dryrun=true", "", R"({"owner":"a"})").status == 400);
  CHECK(world.get("/v1/info?x=1").status == 400);
  CHECK(world.get("/v1/streams/ledger/l?direction=sideways").status == 400);
  CHECK(json_of(world.get("/v1/info"))["head"] == 0);
}

TEST_CASE("other methods are refused with what is allowed") {
  served_world world;
  auto const got = world.ask("DELETE", "/v1/aggregates/ledger/l");
  CHECK(got.status == 405);
  CHECK(got.header("allow") == "GET, HEAD, OPTIONS");
  CHECK(world.ask("GET", open).header("allow") == "POST, OPTIONS");
  CHECK(world.ask("BREW", "/v1/info").status == 501);
  CHECK(world.ask("TRACE", "/v1/info").status == 501);
}

TEST_CASE("OPTIONS says what is allowed") {
  served_world world;
  auto const got = world.ask("OPTIONS", "/v1/streams/import/x");
  CHECK(got.status == 204);
  CHECK(got.header("allow") == "GET, HEAD, POST, OPTIONS");
  CHECK(world.ask("OPTIONS", "/v1/nothing").status == 404);
  CHECK(world.ask("OPTIONS", "*").status == 204);
}

TEST_CASE("an upload that breaks off leaves no event") {
  served_world world;
  auto client = world.connect();
  client.send("POST /v1/aggregates/ledger/l/commands/open_ledger HTTP/1.1\r\nHost: t\r\nContent-Length: 15\r\n\r\n{\"owner\":\"a\"");
  client.end_of_sending();
  CHECK(client.read().status == 400);
  CHECK(json_of(world.get("/v1/info"))["head"] == 0);
}

TEST_CASE("a connection survives what was merely refused") {
  served_world world;
  auto client = world.connect();
  CHECK(client.ask("POST", open, "", "nonsense").status == 400);
  CHECK(client.ask("GET", "/nothing").status == 404);
  CHECK(client.ask("DELETE", open).status == 405);
  CHECK(client.ask("POST", open, "", R"({"owner":"a"})").status == 201);
}
