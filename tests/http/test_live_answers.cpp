#include "tests/http/session_world.hpp"

#include "http/problem.hpp"

#include <atomic>
#include <optional>

using namespace evoke;
using namespace evoke::http;
using namespace evoke::http::tests;
using namespace std::chrono_literals;

namespace {

/// Sends what the test says, when it says so.
class told_feed final : public body_source, public std::enable_shared_from_this<told_feed> {
 public:
  void next(ticket reply_to) override {
    std::unique_lock lock(mutex_);
    open_.emplace(std::move(reply_to));
    changed_.notify_all();
    if (!draining_) return;
    lock.unlock();
    send("goodbye\n", true);
  }
  [[nodiscard]] bool live() const noexcept override { return true; }
  void drain() override {
    std::unique_lock lock(mutex_);
    draining_ = true;
    if (!open_) return;
    lock.unlock();
    send("goodbye\n", true);
  }
  void abandon() noexcept override {
    std::lock_guard const lock(mutex_);
    ++abandoned_;
    changed_.notify_all();
  }

  /// Waits until the session asks, then answers from this thread.
  void send(std::string text, bool last = false) {
    auto to = taken();
    to.answer([self = shared_from_this(), text = std::move(text), last](reply& out, incoming const&) {
      out.body = text;
      if (!last) out.more = self;
    });
  }
  void break_down() {
    taken().answer([](reply& out, incoming const&) { render_problem(out, problems::internal_error, "as asked"); });
  }
  [[nodiscard]] bool wait_until_abandoned() {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, 10s, [this] { return abandoned_ > 0; });
  }
  [[nodiscard]] int abandoned() {
    std::lock_guard const lock(mutex_);
    return abandoned_;
  }
  /// Keeps no session any more.
  void let_go() {
    std::optional<ticket> dropped;
    std::lock_guard const lock(mutex_);
    if (open_) dropped.emplace(std::move(*open_));
    open_.reset();
  }
  void wait_until_asked() {
    std::unique_lock lock(mutex_);
    if (!changed_.wait_for(lock, 10s, [this] { return open_.has_value(); })) throw std::runtime_error("the session did not ask");
  }

 private:
  ticket taken() {
    wait_until_asked();
    std::lock_guard const lock(mutex_);
    auto made = std::move(*open_);
    open_.reset();
    return made;
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  std::optional<ticket> open_;
  bool draining_ = false;
  int abandoned_ = 0;
};

/// Lets go of a session that still waits when the test is over: it and its feed would keep each other.
class feed_handle {
 public:
  explicit feed_handle(std::shared_ptr<told_feed> feed) : feed_(std::move(feed)) {}
  feed_handle(feed_handle const&) = delete;
  feed_handle& operator=(feed_handle const&) = delete;
  ~feed_handle() { feed_->let_go(); }
  told_feed* operator->() const noexcept { return feed_.get(); }

 private:
  std::shared_ptr<told_feed> feed_;
};

feed_handle serve_feed(session_world& world) {
  auto feed = std::make_shared<told_feed>();
  world.answers->answer_by([feed](incoming& request, ticket to) {
    if (request.target() != "/feed") return answer_text(std::move(to), std::string(request.target()));
    to.answer([feed](reply& out, incoming const&) {
      out.content_type = media::event_stream;
      out.body = "hello\n";
      out.more = feed;
    });
  });
  return feed_handle(feed);
}

constexpr std::string_view get_feed = "GET /feed HTTP/1.1\r\nHost: t\r\n\r\n";

}  // namespace

TEST_CASE("a live answer sends its parts when they come, and is its connection's last") {
  session_world world;
  auto const feed = serve_feed(world);
  auto client = world.connect();
  client.send(get_feed);
  auto const head = client.read_head();
  CHECK(head.header("connection") == "close");
  CHECK(head.header("transfer-encoding") == "chunked");
  CHECK(client.read_chunk() == "hello\n");
  feed->send("one\n");
  CHECK(client.read_chunk() == "one\n");
  feed->send("two\n");
  CHECK(client.read_chunk() == "two\n");
  feed->send("three\n", true);
  CHECK(client.read_chunk() == "three\n");
  CHECK(client.read_chunk().empty());
  CHECK(client.closed_by_server());
  CHECK(feed->abandoned() == 0);
}

TEST_CASE("a part without a byte is no end") {
  session_world world;
  auto const feed = serve_feed(world);
  auto client = world.connect();
  client.send(get_feed);
  static_cast<void>(client.read_head());
  CHECK(client.read_chunk() == "hello\n");
  feed->send("");
  feed->send("one\n");
  CHECK(client.read_chunk() == "one\n");
}

TEST_CASE("a client that closes while nothing happens is noticed at once") {
  session_world world;
  auto const feed = serve_feed(world);
  {
    auto client = world.connect();
    client.send(get_feed);
    static_cast<void>(client.read_head());
    feed->wait_until_asked();
  }
  CHECK(feed->wait_until_abandoned());
  world.wait_for_connections(0);
  feed->send("nobody hears this\n");
  CHECK(feed->abandoned() == 1);
}

TEST_CASE("a client that resets while nothing happens is noticed at once") {
  session_world world;
  auto const feed = serve_feed(world);
  auto client = world.connect();
  client.send(get_feed);
  static_cast<void>(client.read_head());
  feed->wait_until_asked();
  client.reset();
  CHECK(feed->wait_until_abandoned());
  world.wait_for_connections(0);
}

TEST_CASE("a client that ends its sending before a live answer begins counts as gone") {
  session_world world;
  world.answers->keep();
  auto client = world.connect();
  client.send(get_feed);
  auto to = world.answers->next();
  client.end_of_sending();
  auto const feed = std::make_shared<told_feed>();
  to.answer([feed](reply& out, incoming const&) { out.more = feed; });
  CHECK(feed->wait_until_abandoned());
  world.wait_for_connections(0);
}

TEST_CASE("a live answer that waits is not timed out") {
  auto settings = patient();
  settings.idle_timeout = 50ms;
  settings.header_timeout = 50ms;
  settings.command_timeout = 50ms;
  session_world world(settings);
  auto const feed = serve_feed(world);
  auto client = world.connect();
  client.send(get_feed);
  static_cast<void>(client.read_head());
  CHECK(client.read_chunk() == "hello\n");
  feed->wait_until_asked();
  // Two that came later have been closed for idleness, one after the other: the feed has waited longer than any time-out.
  CHECK(world.connect().closed_by_server());
  CHECK(world.connect().closed_by_server());
  feed->send("worth waiting for\n");
  CHECK(client.read_chunk() == "worth waiting for\n");
}

TEST_CASE("what a client sends behind a live answer is dropped") {
  session_world world;
  auto const feed = serve_feed(world);
  auto client = world.connect();
  client.send(std::string(get_feed).append("GET /behind HTTP/1.1\r\nHost: t\r\n\r\nand this is no request"));
  static_cast<void>(client.read_head());
  CHECK(client.read_chunk() == "hello\n");
  client.send("nor is this");
  feed->send("one\n", true);
  CHECK(client.read_chunk() == "one\n");
  CHECK(client.read_chunk().empty());
  CHECK(client.closed_by_server());
}

TEST_CASE("a client that goes on sending behind a live answer is cut off") {
  session_world world;
  auto const feed = serve_feed(world);
  auto client = world.connect();
  client.send(get_feed);
  std::string const flood(1024 * 1024, 'x');
  while (client.try_send(flood)) {
  }
  CHECK(feed->wait_until_abandoned());
  world.wait_for_connections(0);
}

TEST_CASE("a client that does not read its live answer is cut off, and costs one part") {
  auto settings = patient();
  settings.write_timeout = 50ms;
  session_world world(settings);
  auto const feed = serve_feed(world);
  auto client = world.connect();
  client.send(get_feed);
  feed->send(std::string(64 * 1024 * 1024, 'x'));
  CHECK(feed->wait_until_abandoned());
  world.wait_for_connections(0);
}

TEST_CASE("draining ends a live answer in order") {
  session_world world;
  auto const feed = serve_feed(world);
  auto client = world.connect();
  client.send(get_feed);
  static_cast<void>(client.read_head());
  CHECK(client.read_chunk() == "hello\n");
  feed->wait_until_asked();
  auto drained = world.drain();
  CHECK(client.read_chunk() == "goodbye\n");
  CHECK(client.read_chunk().empty());
  CHECK(client.closed_by_server());
  CHECK(drained.wait_for(10s) == std::future_status::ready);
}

TEST_CASE("draining does not wait for a client that does not read its live answer") {
  auto settings = patient();
  settings.write_timeout = 100ms;
  session_world world(settings);
  auto const feed = serve_feed(world);
  auto client = world.connect();
  client.send(get_feed);
  feed->send(std::string(64 * 1024 * 1024, 'x'));
  CHECK(world.drain().wait_for(10s) == std::future_status::ready);
}

TEST_CASE("a live answer that breaks down is cut off, not ended") {
  session_world world;
  auto const feed = serve_feed(world);
  auto client = world.connect();
  client.send(get_feed);
  feed->break_down();
  auto const all = client.read_to_end();
  CHECK(all.find("hello\n") != std::string::npos);
  CHECK(all.find("\r\n0\r\n") == std::string::npos);
  CHECK(feed->wait_until_abandoned());
}

TEST_CASE("HTTP/1.0 gets a live answer until its client has enough") {
  session_world world;
  auto const feed = serve_feed(world);
  auto client = world.connect();
  client.send("GET /feed HTTP/1.0\r\n\r\n");
  CHECK(client.read_head().header("transfer-encoding").empty());
  feed->send("one\n");
  feed->send("two\n", true);
  CHECK(client.read_to_end() == "hello\none\ntwo\n");
}

TEST_CASE("HEAD of a live answer has its head and leaves the connection open") {
  session_world world;
  auto const feed = serve_feed(world);
  auto client = world.connect();
  client.send("HEAD /feed HTTP/1.1\r\nHost: t\r\n\r\n");
  CHECK(client.read(true).header("content-type") == "text/event-stream");
  CHECK(client.ask("GET", "/other").body == "/other");
}
