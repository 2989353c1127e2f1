#include "tests/http/session_world.hpp"

/// Requests whose time is over before they are answered.
using namespace evoke;
using namespace evoke::http;
using namespace evoke::http::tests;
using namespace std::chrono_literals;

namespace {

constexpr std::string_view get_a = "GET /a HTTP/1.1\r\nHost: t\r\n\r\n";

}  // namespace

TEST_CASE("a command that is not answered in time is of unknown outcome, and its late answer is dropped") {
  auto settings = patient();
  settings.command_timeout = 50ms;
  session_world world(settings);
  world.answers->keep();
  auto client = world.connect();
  client.send("POST /a HTTP/1.1\r\nHost: t\r\nContent-Length: 0\r\n\r\n");
  auto late = world.answers->next();
  auto const got = client.read();
  CHECK(got.status == 504);
  CHECK(got.body.find("/outcome-unknown\"") != std::string::npos);
  client.send(get_a);
  auto second = world.answers->next();
  answer_text(std::move(late), "late");
  answer_text(std::move(second), "in time");
  CHECK(client.read().body == "in time");
}

TEST_CASE("what is known in part is answered when the time is over, and only then") {
  auto settings = patient();
  settings.command_timeout = 50ms;
  session_world world(settings);
  std::promise<ticket> kept;
  world.answers->answer_by([&](incoming& request, ticket to) {
    to.when_late([](reply& out) { out.body = "half of it"; });
    if (request.target() == "/in-time") return answer_text(std::move(to), "all of it");
    kept.set_value(std::move(to));
  });
  auto client = world.connect();
  client.send("POST /late HTTP/1.1\r\nHost: t\r\nContent-Length: 0\r\n\r\n");
  CHECK(client.read().body == "half of it");
  CHECK(client.ask("GET", "/in-time").body == "all of it");
}

TEST_CASE("a read that is not answered in time may be tried again") {
  auto settings = patient();
  settings.command_timeout = 50ms;
  session_world world(settings);
  world.answers->keep();
  auto client = world.connect();
  client.send(get_a);
  auto const late = world.answers->next();
  CHECK(client.read().status == 503);
}
