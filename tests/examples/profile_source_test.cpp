#include "users/profile_file.hpp"
#include "users/profile_service.hpp"

#include "scripted_server.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <catch2/catch.hpp>

#include <future>
#include <thread>

namespace {

using namespace users;
using std::chrono::milliseconds;
using tests::scripted_server;

constexpr auto ada_as_json =
    R"({"login":"Ada","id":1001,"node_id":"x","avatar_url":"https://x.example/a","name":"Ada Example","site_admin":false})";
profile const ada{"1001", "Ada", "Ada Example", "https://x.example/a"};

std::future<profile_result> asked(profile_source& source, std::string login) {
  auto promise = std::make_shared<std::promise<profile_result>>();
  auto made = promise->get_future();
  source.look_up(std::move(login), [promise](profile_result end) { promise->set_value(std::move(end)); });
  return made;
}

profile_service_options at(std::uint16_t port) {
  profile_service_options options;
  options.base_url = "http://127.0.0.1:" + std::to_string(port);
  options.backoff = milliseconds(1);
  options.threads = 1;
  return options;
}

profile_result ask(scripted_server const& server, std::string const& login = "ada") {
  auto const service = profile_service::start(at(server.port())).value();
  return asked(*service, login).get();
}

void failed(profile_result const& end, profile_fault fault) {
  REQUIRE_FALSE(end);
  INFO(end.error().message);
  CHECK(static_cast<int>(end.error().fault) == static_cast<int>(fault));
  CHECK_FALSE(end.error().message.empty());
}

/// Accepts connections, in the system's queue, and never says a word.
struct silent_server {
  boost::asio::io_context io;
  boost::asio::ip::tcp::acceptor acceptor{io, {boost::asio::ip::address_v4::loopback(), 0}};
  [[nodiscard]] std::uint16_t port() const { return acceptor.local_endpoint().port(); }
};

TEST_CASE("profiles: from a file they are found by login, large or small") {
  auto const source = profile_file::parse("[" + std::string(ada_as_json) + R"(,{"id":"7","login":"bob","name":null}])").value();
  CHECK(asked(*source, "ada").get() == ada);
  CHECK(asked(*source, "ADA").get() == ada);
  CHECK(asked(*source, "bob").get() == profile{"7", "bob", {}, {}});
  failed(asked(*source, "nobody").get(), profile_fault::not_found);
}

TEST_CASE("profiles: a file that is not of profiles is refused") {
  for (auto const* bad :
       {"", "{}", "[1]", R"([{"id":1}])", R"([{"login":"a"}])", R"([{"id":1.5,"login":"a"}])", R"([{"id":-1,"login":"a"}])",
        R"([{"id":"","login":"a"}])", R"([{"id":1,"login":7}])", R"([{"id":1,"login":"a","name":7}])",
        R"([{"id":1,"login":"a","avatar_url":[]}])", R"([{"id":1,"login":"a"},{"id":2,"login":"A"}])"}) {
    INFO(bad);
    CHECK_FALSE(profile_file::parse(bad));
  }
}

TEST_CASE("profiles: over HTTP one is asked for by its path") {
  scripted_server server({scripted_server::reply(200, ada_as_json)});
  CHECK(ask(server) == ada);
  CHECK_THAT(server.requests().at(0), Catch::StartsWith("GET /users/ada HTTP/1.1\r\n") && Catch::Contains("User-Agent: evoke-server"));
}

TEST_CASE("profiles: a login is one segment of the path, whatever it says") {
  scripted_server server(std::vector<std::string>(3, scripted_server::reply(404, "")));
  auto const service = profile_service::start(at(server.port())).value();
  for (auto const* login : {"../admin?x=1#y", "a b", "auth0|1\r\nHost: evil"})
    failed(asked(*service, login).get(), profile_fault::not_found);
  CHECK_THAT(server.requests().at(0), Catch::StartsWith("GET /users/..%2Fadmin%3Fx%3D1%23y HTTP/1.1\r\n"));
  CHECK_THAT(server.requests().at(1), Catch::StartsWith("GET /users/a%20b HTTP/1.1\r\n"));
  CHECK_THAT(server.requests().at(2), Catch::StartsWith("GET /users/auth0%7C1%0D%0AHost%3A%20evil HTTP/1.1\r\n"));
}

TEST_CASE("profiles: what no path can name is nobody, and not asked for") {
  auto const service = profile_service::start(at(1)).value();
  for (auto const* login : {"", ".", ".."}) failed(asked(*service, login).get(), profile_fault::not_found);
}

TEST_CASE("profiles: nobody of this name is not tried again") {
  scripted_server server({scripted_server::reply(404, R"({"message":"Not Found"})")});
  failed(ask(server), profile_fault::not_found);
  CHECK(server.requests().size() == 1);
}

TEST_CASE("profiles: a source that is not well is tried again, and may recover") {
  scripted_server server({scripted_server::reply(503, ""), scripted_server::reply(429, ""), scripted_server::reply(200, ada_as_json)});
  CHECK(ask(server) == ada);
}

TEST_CASE("profiles: a connection that breaks is tried again") {
  scripted_server server({"", scripted_server::reply(200, ada_as_json)});
  CHECK(ask(server) == ada);
}

TEST_CASE("profiles: it is tried only so often") {
  scripted_server server(std::vector<std::string>(3, scripted_server::reply(500, "")));
  failed(ask(server), profile_fault::unavailable);
  CHECK(server.requests().size() == 3);
}

TEST_CASE("profiles: a source that nobody runs is unavailable") {
  std::uint16_t port = 0;
  {
    silent_server gone;
    port = gone.port();
  }
  auto const service = profile_service::start(at(port)).value();
  failed(asked(*service, "ada").get(), profile_fault::unavailable);
}

TEST_CASE("profiles: a source that does not answer is timed out") {
  silent_server server;
  auto options = at(server.port());
  options.timeout = milliseconds(50);
  options.attempts = 2;
  auto const service = profile_service::start(options).value();
  failed(asked(*service, "ada").get(), profile_fault::timed_out);
}

TEST_CASE("profiles: what is no profile is a bad answer, and not asked for again") {
  for (auto const& body : {std::string("<html>"), std::string("[]"), std::string("{}"), std::string(R"({"id":1})"), std::string()}) {
    INFO(body);
    scripted_server server({scripted_server::reply(200, body)});
    failed(ask(server), profile_fault::bad_answer);
  }
  for (unsigned const status : {204U, 301U, 401U, 403U}) {
    INFO(status);
    scripted_server server({scripted_server::reply(status, "", "Location: http://127.0.0.1:1/\r\n")});
    failed(ask(server), profile_fault::bad_answer);
  }
}

TEST_CASE("profiles: an endless answer is cut off") {
  scripted_server server({scripted_server::reply(200, std::string(2'000'000, ' ') + ada_as_json)});
  failed(ask(server), profile_fault::bad_answer);
}

TEST_CASE("profiles: too many that wait are told so, and who waits when it ends is answered") {
  silent_server server;
  auto options = at(server.port());
  options.timeout = milliseconds(60'000);
  options.max_waiting = 2;
  auto service = profile_service::start(options).value();
  std::vector<std::future<profile_result>> waiting;
  std::optional<profile_result> refused;
  // One is asked for, two wait, and until the thread has taken its one there may be room for one less.
  while (!refused) {
    auto next = asked(*service, "ada");
    if (next.wait_for(milliseconds(0)) == std::future_status::ready) {
      refused = next.get();
    } else {
      waiting.push_back(std::move(next));
    }
    REQUIRE(waiting.size() <= 3);
  }
  failed(*refused, profile_fault::overloaded);
  service.reset();
  for (auto& each : waiting) failed(each.get(), profile_fault::unavailable);
}

TEST_CASE("profiles: options that cannot work are refused at the start") {
  auto const refused = [](auto change) {
    auto options = at(1);
    change(options);
    CHECK_FALSE(profile_service::start(options));
  };
  refused([](auto& options) { options.base_url = "ftp://x.example"; });
  refused([](auto& options) { options.base_url = ""; });
  refused([](auto& options) { options.attempts = 0; });
  refused([](auto& options) { options.threads = 0; });
  refused([](auto& options) { options.timeout = milliseconds(0); });
}

}  // namespace
