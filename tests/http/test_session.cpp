#include "http/problem.hpp"
#include "tests/http/session_world.hpp"

#include <atomic>

using namespace evoke;
using namespace evoke::http;
using namespace evoke::http::tests;
using namespace std::chrono_literals;

namespace {
constexpr std::string_view get_a = "GET /a HTTP/1.1\r\nHost: t\r\n\r\n";
}

TEST_CASE("a connection serves one request after another") {
  session_world world;
  auto client = world.connect();
  for (std::string const target : {"/1", "/2", "/3"}) {
    auto const got = client.ask("GET", target);
    CHECK(got.status == 200);
    CHECK(got.body == target);
    CHECK_FALSE(got.header("date").empty());
  }
}

TEST_CASE("pipelined requests are answered in order, one at a time") {
  session_world world;
  world.answers->keep();
  auto client = world.connect();
  client.send("GET /1 HTTP/1.1\r\nHost: t\r\n\r\nGET /2 HTTP/1.1\r\nHost: t\r\n\r\nGET /3 HTTP/1.1\r\nHost: t\r\n\r\n");
  for (std::string const text : {"one", "two", "three"}) {
    answer_text(world.answers->next(), text);
    CHECK(client.read().body == text);
  }
}

TEST_CASE("very many pipelined requests do not nest") {
  session_world world;
  auto client = world.connect();
  constexpr int count = 20'000;
  std::thread sender([&] {
    for (int i = 0; i < count; ++i) client.send(get_a);
  });
  for (int i = 0; i < count; ++i) REQUIRE(client.read().body == "/a");
  sender.join();
}

TEST_CASE("the next request is read while one is answered") {
  session_world world;
  world.answers->keep();
  auto client = world.connect();
  client.send(get_a);
  auto first = world.answers->next();
  client.send("POST /b HTTP/1.1\r\nHost: t\r\nContent-Length: 5\r\n\r\nhe");
  client.send("llo");
  answer_text(std::move(first), "first");
  CHECK(client.read().body == "first");
  answer_text(world.answers->next(), "second");
  CHECK(client.read().body == "second");
}

TEST_CASE("HEAD gets the head of the answer and no body") {
  session_world world;
  auto client = world.connect();
  client.send("HEAD /abc HTTP/1.1\r\nHost: t\r\n\r\n");
  auto const got = client.read(true);
  CHECK(got.status == 200);
  CHECK(got.header("content-length") == "4");
  CHECK(client.ask("GET", "/next").body == "/next");
}

TEST_CASE("Connection: close is kept to") {
  session_world world;
  auto client = world.connect();
  CHECK(client.ask("GET", "/a", "Connection: close\r\n").header("connection") == "close");
  CHECK(client.closed_by_server());
}

TEST_CASE("what follows a request that closes is not looked at") {
  session_world world;
  std::atomic<int> asked{0};
  world.answers->answer_by([&](incoming&, ticket to) {
    ++asked;
    answer_text(std::move(to), std::string(1024 * 1024, 'x'));
  });
  auto client = world.connect();
  client.send("GET /a HTTP/1.1\r\nHost: t\r\nConnection: close\r\n\r\nGET /b HTTP/1.1\r\nHost: t\r\n\r\n");
  CHECK(client.read().body.size() == 1024 * 1024);
  CHECK(client.closed_by_server());
  CHECK(asked == 1);
}

TEST_CASE("HTTP/1.0 is answered, and kept open only when asked") {
  session_world world;
  auto once = world.connect();
  once.send("GET /a HTTP/1.0\r\n\r\n");
  CHECK(once.read().body == "/a");
  CHECK(once.closed_by_server());
  auto kept = world.connect();
  kept.send("GET /a HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  CHECK(kept.read().header("connection") == "keep-alive");
  kept.send("GET /b HTTP/1.0\r\n\r\n");
  CHECK(kept.read().body == "/b");
}

TEST_CASE("a client that waits for leave to send its body gets it") {
  session_world world;
  world.answers->answer_by([](incoming& request, ticket to) { answer_text(std::move(to), std::string(request.body())); });
  auto client = world.connect();
  client.send("POST / HTTP/1.1\r\nHost: t\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n");
  CHECK(client.read().status == 100);
  client.send("body");
  CHECK(client.read().body == "body");
}

TEST_CASE("leave to send a body waits for the answer before it") {
  session_world world;
  world.answers->keep();
  auto client = world.connect();
  client.send(get_a);
  auto first = world.answers->next();
  client.send("POST / HTTP/1.1\r\nHost: t\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n");
  answer_text(std::move(first), "first");
  CHECK(client.read().body == "first");
  CHECK(client.read().status == 100);
}

TEST_CASE("a client that expects too large a body is refused without being asked for it") {
  session_world world;
  auto client = world.connect();
  client.send("POST / HTTP/1.1\r\nHost: t\r\nExpect: 100-continue\r\nContent-Length: 99999999\r\n\r\n");
  CHECK(client.read().status == 413);
  CHECK(client.closed_by_server());
}

TEST_CASE("a malformed request is answered and the connection closed") {
  session_world world;
  auto client = world.connect();
  client.send("GET / HTTP/1.1\r\n\r\n");
  auto const got = client.read();
  CHECK(got.status == 400);
  CHECK(got.header("content-type") == "application/problem+json");
  CHECK(got.header("connection") == "close");
  CHECK(client.closed_by_server());
}

TEST_CASE("the refusal is read although the client goes on sending") {
  session_world world;
  auto client = world.connect();
  std::string const head = "POST / HTTP/1.1\r\nHost: t\r\nContent-Length: 2000000\r\n\r\n";
  client.send(head);
  client.try_send(std::string(2'000'000, 'x'));
  CHECK(client.read().status == 413);
}

TEST_CASE("a malformed request behind a good one is refused in its turn") {
  session_world world;
  world.answers->keep();
  auto client = world.connect();
  client.send(std::string(get_a) + "NONSENSE\r\n\r\n");
  answer_text(world.answers->next(), "good");
  CHECK(client.read().body == "good");
  CHECK(client.read().status == 400);
  CHECK(client.closed_by_server());
}

TEST_CASE("a client that has ended its sending is still answered") {
  session_world world;
  world.answers->keep();
  auto client = world.connect();
  client.send(get_a);
  client.end_of_sending();
  answer_text(world.answers->next(), "late");
  CHECK(client.read().body == "late");
  CHECK(client.closed_by_server());
  world.wait_for_connections(0);
}

TEST_CASE("an upload that breaks off is given up") {
  session_world world;
  std::atomic<int> asked{0};
  world.answers->answer_by([&](incoming&, ticket) { ++asked; });
  auto ended = world.connect();
  ended.send("POST / HTTP/1.1\r\nHost: t\r\nContent-Length: 100\r\n\r\nhalf");
  ended.end_of_sending();
  CHECK(ended.read().status == 400);
  CHECK(ended.closed_by_server());
  auto gone = world.connect();
  gone.send("POST / HTTP/1.1\r\nHost: t\r\nContent-Length: 100\r\n\r\nhalf");
  world.wait_for_connections(1);
  gone.reset();
  world.wait_for_connections(0);
  CHECK(asked == 0);
}

TEST_CASE("an answer for a client that has gone is dropped") {
  session_world world;
  world.answers->keep();
  auto client = world.connect();
  client.send(get_a);
  auto ticket = world.answers->next();
  client.reset();
  world.wait_for_connections(0);
  answer_text(std::move(ticket), "nobody hears this");
  auto other = world.connect();
  other.send(get_a);
  answer_text(world.answers->next(), "alive");
  CHECK(other.read().body == "alive");
}

TEST_CASE("an answer may come from another thread") {
  session_world world;
  world.answers->keep();
  auto client = world.connect();
  client.send(get_a);
  std::jthread([ticket = world.answers->next()]() mutable { answer_text(std::move(ticket), "from afar"); });
  CHECK(client.read().body == "from afar");
}

TEST_CASE("a request that is given up unanswered gets 500") {
  session_world world;
  world.answers->answer_by([](incoming&, ticket) {});
  auto client = world.connect();
  CHECK(client.ask("GET", "/a").status == 500);
  CHECK(client.ask("GET", "/b").status == 500);
}

TEST_CASE("a head that does not arrive in time gets 408") {
  auto settings = patient();
  settings.header_timeout = 50ms;
  session_world world(settings);
  auto client = world.connect();
  client.send("GET / HTTP/1.1\r\nHost");
  CHECK(client.read().status == 408);
  CHECK(client.closed_by_server());
}

TEST_CASE("a head that trickles in does not keep its time from running out") {
  auto settings = patient();
  settings.header_timeout = 100ms;
  session_world world(settings);
  auto client = world.connect();
  client.send("GET / HTTP/1.1\r\n");
  std::jthread trickle([&](std::stop_token const& stop) {
    while (!stop.stop_requested() && client.try_send("X: y\r\n")) std::this_thread::yield();
  });
  // 431 comes when the trickle was a flood on this machine: either way it ends.
  auto const status = client.read().status;
  trickle.request_stop();
  trickle.join();
  CHECK((status == 408 || status == 431));
}

TEST_CASE("a body that does not arrive in time gets 408") {
  auto settings = patient();
  settings.body_timeout = 50ms;
  session_world world(settings);
  auto client = world.connect();
  client.send("POST / HTTP/1.1\r\nHost: t\r\nContent-Length: 10\r\n\r\nhalf");
  CHECK(client.read().status == 408);
  CHECK(client.closed_by_server());
}

TEST_CASE("an idle connection is closed without a word") {
  auto settings = patient();
  settings.idle_timeout = 50ms;
  session_world world(settings);
  auto silent = world.connect();
  CHECK(silent.closed_by_server());
  auto used = world.connect();
  CHECK(used.ask("GET", "/a").status == 200);
  CHECK(used.closed_by_server());
  world.wait_for_connections(0);
}

TEST_CASE("the time an answer takes is not idle time") {
  auto settings = patient();
  settings.idle_timeout = 50ms;
  settings.command_timeout = 60s;
  session_world world(settings);
  world.answers->keep();
  auto slow = world.connect();
  slow.send(get_a);
  auto ticket = world.answers->next();
  // When this one has been closed for idleness the other has waited as long.
  CHECK(world.connect().closed_by_server());
  answer_text(std::move(ticket), "worth waiting for");
  CHECK(slow.read().body == "worth waiting for");
}

TEST_CASE("a client that does not read is cut off") {
  auto settings = patient();
  settings.write_timeout = 50ms;
  session_world world(settings);
  world.answers->answer_by([](incoming&, ticket to) { answer_text(std::move(to), std::string(64 * 1024 * 1024, 'x')); });
  auto client = world.connect();
  client.send(get_a);
  world.wait_for_connections(1);
  world.wait_for_connections(0);
}

TEST_CASE("a large answer arrives whole") {
  session_world world;
  std::string const text(8 * 1024 * 1024, 'y');
  world.answers->answer_by([&](incoming&, ticket to) { answer_text(std::move(to), text); });
  auto client = world.connect();
  CHECK(client.ask("GET", "/a").body == text);
  CHECK(client.ask("GET", "/a").body == text);
}

TEST_CASE("connections beyond the limit are told so and closed") {
  session_world world(patient(), 2);
  auto first = world.connect();
  auto second = world.connect();
  CHECK(first.ask("GET", "/a").status == 200);
  CHECK(second.ask("GET", "/a").status == 200);
  auto third = world.connect();
  auto const got = third.read();
  CHECK(got.status == 503);
  CHECK_FALSE(got.header("retry-after").empty());
  CHECK(third.closed_by_server());
  CHECK(first.ask("GET", "/b").status == 200);
}

TEST_CASE("a connection that ends makes room for another") {
  session_world world(patient(), 1);
  {
    auto first = world.connect();
    CHECK(first.ask("GET", "/a").status == 200);
  }
  world.wait_for_connections(0);
  auto second = world.connect();
  CHECK(second.ask("GET", "/a").status == 200);
}

TEST_CASE("draining closes idle connections and lets requests under way finish") {
  session_world world;
  auto idle = world.connect();
  CHECK(idle.ask("GET", "/a").status == 200);
  world.answers->keep();
  auto busy = world.connect();
  busy.send(get_a);
  auto ticket = world.answers->next();
  auto drained = world.drain();
  CHECK(idle.closed_by_server());
  CHECK(drained.wait_for(0s) == std::future_status::timeout);
  answer_text(std::move(ticket), "finished");
  auto const got = busy.read();
  CHECK(got.body == "finished");
  CHECK(got.header("connection") == "close");
  CHECK(busy.closed_by_server());
  CHECK(drained.wait_for(10s) == std::future_status::ready);
}

TEST_CASE("draining without connections is done at once") {
  session_world world;
  CHECK(world.drain().wait_for(10s) == std::future_status::ready);
}
