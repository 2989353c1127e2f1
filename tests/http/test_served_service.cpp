#include "tests/http/served_world.hpp"

#include <condition_variable>
#include <future>
#include <mutex>
#include <thread>

using namespace evoke;
using namespace evoke::http;
using namespace evoke::http::tests;
using namespace std::chrono_literals;

TEST_CASE("the root links to everything") {
  served_world world;
  auto const links = json_of(world.get("/"))["links"];
  for (std::string const name : {"types", "events", "info", "openapi", "liveness", "readiness"}) {
    INFO(name);
    CHECK(world.get(links[name].get<std::string>()).status == 200);
  }
}

TEST_CASE("info names the store, its durability and its limits") {
  served_world world;
  auto const info = json_of(world.get("/v1/info"));
  CHECK(info["store_id"] == world.rt->info().store_id);
  CHECK(info["storage"] == "in_memory");
  CHECK(info["durability"] == "none");
  CHECK(info["idempotency_expiry_seconds"] == 86400);
  CHECK(info["limits"]["max_body_bytes"] == 1024 * 1024);
  CHECK(info["workers"] == 2);
}

TEST_CASE("the catalogue and the OpenAPI document are served and validate their caches") {
  served_world world;
  for (std::string const target : {"/v1/types", "/openapi.json"}) {
    auto const got = world.get(target);
    CHECK(got.status == 200);
    static_cast<void>(json_of(got));
    CHECK(world.get(target, "If-None-Match: " + got.header("etag") + "\r\n").status == 304);
  }
  CHECK(json_of(world.get("/openapi.json"))["paths"].contains("/v1/aggregates/door/{id}/commands/build"));
}

TEST_CASE("liveness and readiness are told, on request check by check") {
  served_world world;
  CHECK(json_of(world.get("/livez"))["status"] == "live");
  CHECK(json_of(world.get("/readyz"))["status"] == "ready");
  auto const checks = json_of(world.get("/readyz?verbose")).at("checks");
  CHECK(checks.size() == 3);
  for (auto const& each : checks) CHECK(each["ok"] == true);
  CHECK(json_of(world.get("/livez?verbose"))["checks"].size() == 1);
}

TEST_CASE("a draining runtime is not ready and refuses commands, and still reads") {
  served_world world;
  world.command("ledger/l/open_ledger", R"({"owner":"a"})");
  world.rt->drain();
  auto const ready = world.get("/readyz?verbose");
  CHECK(ready.status == 503);
  CHECK(problem_of(ready) == "not-ready");
  CHECK(json_of(ready)["checks"].size() == 3);
  auto const refused = world.command("ledger/l/book", R"({"amount":1,"times":1})");
  CHECK(refused.status == 503);
  CHECK(problem_of(refused) == "draining");
  CHECK_FALSE(refused.header("retry-after").empty());
  CHECK(world.get("/v1/aggregates/ledger/l").status == 200);
  CHECK(world.get("/livez").status == 200);
}

TEST_CASE("custom routes answer with their captures, queries, headers and body") {
  std::vector<route> routes;
  routes.push_back({method::put, "/circle/{id}/seat/{number}",
                    [](request const& asked, responder respond) {
                      std::string text;
                      text.append(asked.param("id")).append("|").append(asked.param("number")).append("|").append(asked.query("q"));
                      text.append("|").append(asked.header("x-one")).append("|").append(asked.body()).append("|").append(asked.path());
                      respond({202, text, "text/plain", {{"Location", "/there"}}});
                    },
                    "A seat"});
  served_world world(any_port(), small_runtime(), std::move(routes));
  auto const got = world.ask("PUT", "/circle/caf%C3%A9/seat/7?q=a+b", "X-One: 1\r\n", "body");
  CHECK(got.status == 202);
  CHECK(got.header("content-type") == "text/plain");
  CHECK(got.header("location") == "/there");
  CHECK(got.body == "caf\xC3\xA9|7|a b|1|body|/circle/caf%C3%A9/seat/7");
  CHECK(world.ask("GET", "/circle/a/seat/1").header("allow") == "PUT, OPTIONS");
  CHECK(json_of(world.get("/openapi.json"))["paths"]["/circle/{id}/seat/{number}"]["put"]["summary"] == "A seat");
}

TEST_CASE("a custom route may answer later, from any thread, or fail to answer") {
  std::vector<route> routes;
  std::vector<std::jthread> threads;
  routes.push_back({method::get,
                    "/later",
                    [&](request const&, responder respond) {
                      threads.emplace_back([respond = std::move(respond)]() mutable { respond({200, "later", "text/plain", {}}); });
                    },
                    {}});
  routes.push_back({method::get, "/never", [](request const&, responder) {}, {}});
  routes.push_back({method::get, "/throws", [](request const&, responder) { throw std::runtime_error("as asked"); }, {}});
  served_world world(any_port(), small_runtime(), std::move(routes));
  CHECK(world.get("/later").body == "later");
  CHECK(problem_of(world.get("/never")) == "internal-error");
  CHECK(problem_of(world.get("/throws")) == "internal-error");
}

TEST_CASE("routes that collide keep the server from starting") {
  auto const nothing = [](request const&, responder) {};
  served_world world;
  auto const twice = server::start(*world.rt, any_port(), {{method::get, "/a/{x}", nothing, ""}, {method::get, "/a/{y}", nothing, ""}});
  REQUIRE_FALSE(twice);
  CHECK(twice.error().code == errc::already_exists);
  auto const generic = server::start(*world.rt, any_port(), {{method::get, "/v1/info", nothing, ""}});
  REQUIRE_FALSE(generic);
  CHECK(generic.error().code == errc::already_exists);
}

TEST_CASE("an address that cannot be had keeps the server from starting") {
  served_world world;
  auto options = any_port();
  options.port = world.http->port();
  auto const second = server::start(*world.rt, options);
  REQUIRE_FALSE(second);
  CHECK(second.error().code == errc::io_error);
  options.host = "256.1.1.1";
  CHECK_FALSE(server::start(*world.rt, options));
}

TEST_CASE("two servers may serve one runtime") {
  served_world world;
  auto other = server::start(*world.rt, any_port());
  REQUIRE(other);
  world.command("ledger/l/open_ledger", R"({"owner":"a"})");
  CHECK(raw_client((*other)->port()).ask("GET", "/v1/aggregates/ledger/l").status == 200);
}

TEST_CASE("stopping finishes requests under way and then closes") {
  std::promise<responder> waiting;
  std::vector<route> routes;
  routes.push_back({method::post, "/slow", [&](request const&, responder respond) { waiting.set_value(std::move(respond)); }, {}});
  served_world world(any_port(), small_runtime(), std::move(routes));
  auto idle = world.connect();
  CHECK(idle.ask("GET", "/livez").status == 200);
  auto busy = world.connect();
  busy.send("POST /slow HTTP/1.1\r\nHost: t\r\nContent-Length: 0\r\n\r\n");
  auto respond = waiting.get_future().get();
  auto const port = world.http->port();
  std::jthread stopping([&] { world.http->stop(10s); });
  CHECK(idle.closed_by_server());
  respond({200, "done", "text/plain", {}});
  auto const got = busy.read();
  CHECK(got.body == "done");
  CHECK(got.header("connection") == "close");
  stopping.join();
  // Nobody listens any more, so the address is free again.
  auto options = any_port();
  options.port = port;
  CHECK(server::start(*world.rt, options));
}

TEST_CASE("what is open at the deadline of a stop is cut") {
  std::promise<responder> waiting;
  std::vector<route> routes;
  routes.push_back({method::get, "/slow", [&](request const&, responder respond) { waiting.set_value(std::move(respond)); }, {}});
  served_world world(any_port(), small_runtime(), std::move(routes));
  auto busy = world.connect();
  busy.send("GET /slow HTTP/1.1\r\nHost: t\r\n\r\n");
  auto respond = waiting.get_future().get();
  world.http->stop(50ms);
  CHECK(busy.closed_by_server());
  respond({200, "too late", "text/plain", {}});
}

TEST_CASE("a server that was never stopped stops when it goes") {
  served_world world;
  auto idle = world.connect();
  CHECK(idle.ask("GET", "/livez").status == 200);
  world.http.reset();
  CHECK(idle.closed_by_server());
}

TEST_CASE("options that make no sense keep the server from starting") {
  served_world world;
  auto without_time = any_port();
  without_time.header_timeout = 0ms;
  CHECK(server::start(*world.rt, without_time).error().code == errc::invalid_argument);
  auto without_room = any_port();
  without_room.max_header_bytes = 10;
  CHECK(server::start(*world.rt, without_room).error().code == errc::invalid_argument);
  auto without_connections = any_port();
  without_connections.max_connections = 0;
  CHECK(server::start(*world.rt, without_connections).error().code == errc::invalid_argument);
}
