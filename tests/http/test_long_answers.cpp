#include "tests/http/session_world.hpp"

#include "http/problem.hpp"

using namespace evoke;
using namespace evoke::http;
using namespace evoke::http::tests;

namespace {

/// Answers with `parts` lines, each asked for when the one before is written; at `fails_at` with an error.
class counted_lines final : public body_source, public std::enable_shared_from_this<counted_lines> {
 public:
  counted_lines(int parts, int fails_at) : parts_(parts), fails_at_(fails_at) {}

  void next(ticket reply_to) override {
    reply_to.answer([self = shared_from_this()](reply& out, incoming const&) {
      auto const number = ++self->sent_;
      if (number == self->fails_at_) return render_problem(out, problems::internal_error, "as asked");
      out.content_type = media::ndjson;
      out.body = "line " + std::to_string(number) + "\n";
      if (number < self->parts_) out.more = self;
    });
  }

 private:
  int parts_;
  int fails_at_;
  int sent_ = 0;
};

void serve_lines(session_world& world, int parts, int fails_at = 0) {
  world.answers->answer_by([=](incoming&, ticket to) { std::make_shared<counted_lines>(parts, fails_at)->next(std::move(to)); });
}

}  // namespace

TEST_CASE("a long answer is sent in chunks and the connection goes on") {
  session_world world;
  serve_lines(world, 3);
  auto client = world.connect();
  for (int round = 0; round < 2; ++round) {
    auto const got = client.ask("GET", "/");
    CHECK(got.header("transfer-encoding") == "chunked");
    CHECK(got.body == "line 1\nline 2\nline 3\n");
  }
}

TEST_CASE("very many parts that are always at hand do not nest") {
  session_world world;
  serve_lines(world, 50'000);
  auto client = world.connect();
  CHECK(client.ask("GET", "/").body.ends_with("line 50000\n"));
}

TEST_CASE("an answer of one part is not chunked") {
  session_world world;
  serve_lines(world, 1);
  auto client = world.connect();
  auto const got = client.ask("GET", "/");
  CHECK(got.header("content-length") == "7");
  CHECK(got.body == "line 1\n");
}

TEST_CASE("HTTP/1.0 gets a long answer until the connection ends") {
  session_world world;
  serve_lines(world, 3);
  auto client = world.connect();
  client.send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  auto const got = client.read();
  CHECK(got.header("connection") == "close");
  CHECK(got.body == "line 1\nline 2\nline 3\n");
}

TEST_CASE("HEAD of a long answer asks for no parts") {
  session_world world;
  serve_lines(world, 3);
  auto client = world.connect();
  client.send("HEAD / HTTP/1.1\r\nHost: t\r\n\r\n");
  CHECK(client.read(true).status == 200);
  CHECK(client.ask("GET", "/").body == "line 1\nline 2\nline 3\n");
}

TEST_CASE("an error in the first part is an ordinary answer") {
  session_world world;
  serve_lines(world, 3, 1);
  auto client = world.connect();
  CHECK(client.ask("GET", "/").status == 500);
}

TEST_CASE("a long answer that breaks down is cut off, not ended") {
  session_world world;
  serve_lines(world, 3, 3);
  auto client = world.connect();
  client.send("GET / HTTP/1.1\r\nHost: t\r\n\r\n");
  auto const all = client.read_to_end();
  CHECK(all.find("line 2\n") != std::string::npos);
  CHECK(all.find("\r\n0\r\n") == std::string::npos);
}
