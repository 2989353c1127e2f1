#include "replay/delivery.hpp"

#include "scripted_server.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <catch2/catch.hpp>

namespace {

using tests::scripted_server;

replay::patience impatient() {
  replay::patience made;
  made.give_up_after = std::chrono::seconds(20);
  made.first_pause = std::chrono::milliseconds(1);
  made.longest_pause = std::chrono::milliseconds(2);
  return made;
}

struct delivered {
  evoke::result<replay::http_reply> reply = evoke::fail(evoke::errc::timed_out, "not sent");
  replay::delivery_state state;
};

delivered deliver(std::uint16_t port, replay::patience how_long = impatient()) {
  delivered made;
  boost::asio::io_context io;
  replay::delivery via(io.get_executor(), replay::parse_url("http://127.0.0.1:" + std::to_string(port)).value(), how_long, made.state);
  replay::http_request request;
  request.method = "GET";
  request.target = "/thing";
  request.headers.emplace_back("Idempotency-Key", "\"k\"");
  auto const send = [&]() -> boost::asio::awaitable<void> { made.reply = co_await via.send(request); };
  boost::asio::co_spawn(io, send, [](std::exception_ptr const& error) {
    if (error) std::rethrow_exception(error);
  });
  io.run();
  return made;
}

std::string problem(unsigned status, std::string const& slug) {
  return scripted_server::reply(status, R"({"type":"https://e/problems/)" + slug + R"("})");
}

TEST_CASE("delivery: an answer is handed out as it is") {
  scripted_server server({scripted_server::reply(201, "body", "ETag: \"7\"\r\nIdempotency-Replayed: true\r\n")});
  auto const got = deliver(server.port());
  REQUIRE(got.reply);
  CHECK(got.reply->status == 201);
  CHECK(got.reply->body == "body");
  CHECK(got.reply->etag == "\"7\"");
  CHECK(got.reply->replayed);
  CHECK(got.state.repeats == 0);
}

TEST_CASE("delivery: what the server has no room or time for is sent again with the same key") {
  auto const status = GENERATE(408U, 429U, 502U, 503U, 504U, 507U);
  scripted_server server({scripted_server::reply(status, "{}"), scripted_server::reply(status, "{}"), scripted_server::reply(200, "{}")});
  auto const got = deliver(server.port());
  REQUIRE(got.reply);
  CHECK(got.reply->status == 200);
  CHECK(got.state.repeats == 2);
  REQUIRE(server.requests().size() == 3);
  for (auto const& each : server.requests()) CHECK_THAT(each, Catch::Contains("Idempotency-Key: \"k\""));
}

TEST_CASE("delivery: a lost reply is asked for again") {
  scripted_server server({"", scripted_server::reply(200, "{}")});
  auto const got = deliver(server.port());
  REQUIRE(got.reply);
  CHECK(got.reply->status == 200);
  CHECK(server.requests().size() == 2);
}

TEST_CASE("delivery: a reply that ends in the middle is asked for again") {
  scripted_server server(
      {"HTTP/1.1 200 OK\r\nContent-Length: 100\r\nConnection: close\r\n\r\nhalf", "", scripted_server::reply(200, "{}")});
  auto how_long = impatient();
  how_long.reply_timeout = std::chrono::milliseconds(50);
  auto const got = deliver(server.port(), how_long);
  REQUIRE(got.reply);
  CHECK(got.reply->body == "{}");
}

TEST_CASE("delivery: a key in flight is asked for again, another conflict is an answer") {
  scripted_server server({problem(409, "key-in-flight"), problem(409, "rejection#cart_already_exists")});
  auto const got = deliver(server.port());
  REQUIRE(got.reply);
  CHECK(got.reply->status == 409);
  CHECK(server.requests().size() == 2);
}

TEST_CASE("delivery: what would be answered the same again is an answer") {
  auto const status = GENERATE(400U, 404U, 412U, 422U, 428U, 500U);
  scripted_server server({scripted_server::reply(status, "{}")});
  auto const got = deliver(server.port());
  REQUIRE(got.reply);
  CHECK(got.reply->status == status);
  CHECK(got.state.attempts == 1);
}

TEST_CASE("delivery: a server that stays away is given up, for all connections") {
  std::uint16_t port = 0;
  {
    scripted_server gone({});
    port = gone.port();
  }
  auto how_long = impatient();
  how_long.give_up_after = std::chrono::milliseconds(0);
  auto const got = deliver(port, how_long);
  REQUIRE_FALSE(got.reply);
  CHECK(got.reply.error().code == evoke::errc::timed_out);
  CHECK_THAT(got.state.given_up, Catch::Contains("cannot connect"));
}

TEST_CASE("delivery: a server that keeps refusing is given up with its reason") {
  scripted_server server({scripted_server::reply(503, R"({"title":"Draining"})")});
  auto how_long = impatient();
  how_long.give_up_after = std::chrono::milliseconds(0);
  auto const got = deliver(server.port(), how_long);
  REQUIRE_FALSE(got.reply);
  CHECK(got.state.given_up == "the server keeps answering 503: Draining");
}

TEST_CASE("delivery: nothing is sent any more once another connection has given up") {
  boost::asio::io_context io;
  replay::delivery_state state;
  state.given_up = "why";
  replay::delivery via(io.get_executor(), replay::parse_url("http://127.0.0.1:1").value(), impatient(), state);
  replay::http_request const request;
  evoke::result<replay::http_reply> reply = replay::http_reply{};
  auto const send = [&]() -> boost::asio::awaitable<void> { reply = co_await via.send(request); };
  boost::asio::co_spawn(io, send, [](std::exception_ptr const&) {});
  io.run();
  REQUIRE_FALSE(reply);
  CHECK(reply.error().message == "why");
  CHECK(state.attempts == 0);
}

}  // namespace
