#pragma once

#include "http/listener.hpp"
#include "http/session_group.hpp"
#include "tests/http/raw_client.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <catch2/catch.hpp>
#include <condition_variable>
#include <deque>
#include <functional>
#include <future>
#include <mutex>
#include <thread>

namespace evoke::http::tests {

/// Answers by a function, or keeps the tickets until the test wants them answered.
class scripted final : public dispatcher {
 public:
  using function = std::function<void(incoming&, ticket)>;

  void answer_by(function script) {
    std::lock_guard const lock(mutex_);
    script_ = std::move(script);
  }
  void keep() { answer_by(nullptr); }

  void handle(incoming& request, ticket reply_to) override {
    std::unique_lock lock(mutex_);
    if (auto const script = script_) {
      lock.unlock();
      return script(request, std::move(reply_to));
    }
    kept_.push_back(std::move(reply_to));
    changed_.notify_all();
  }

  /// Waits for a request that nobody answered.
  [[nodiscard]] ticket next() {
    std::unique_lock lock(mutex_);
    if (!changed_.wait_for(lock, std::chrono::seconds(10), [&] { return !kept_.empty(); })) FAIL("no request came");
    auto taken = std::move(kept_.front());
    kept_.pop_front();
    return taken;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  function script_;
  std::deque<ticket> kept_;
};

inline void answer_text(ticket to, std::string text) {
  to.answer([text = std::move(text)](reply& out, incoming const&) {
    out.content_type = media::text;
    out.body = text;
  });
}

inline session_settings patient() {
  using namespace std::chrono_literals;
  return {{4096, 1024, 256 * 1024}, 60s, 60s, 60s, 60s, 60s};
}

/// Sessions on one thread of their own, without a runtime.
class session_world {
 public:
  explicit session_world(session_settings settings = patient(), std::uint32_t max_connections = 100)
      : guard_(boost::asio::make_work_guard(context_)), thread_([this] { context_.run(); }) {
    answers->answer_by([](incoming& request, ticket to) { answer_text(std::move(to), std::string(request.target())); });
    group_ = std::make_shared<session_group>(context_, settings, answers, state);
    listener_ = std::make_shared<listener>(std::vector{group_}, state, max_connections);
    REQUIRE(listener_->open("127.0.0.1", 0));
    boost::asio::post(context_, [this] { listener_->start(); });
  }
  ~session_world() {
    boost::asio::post(context_, [this] {
      listener_->close();
      group_->cut();
      guard_.reset();
    });
    thread_.join();
  }

  [[nodiscard]] raw_client connect() const { return raw_client(listener_->port()); }
  /// Begins to drain. @returns what becomes ready once no session is left.
  [[nodiscard]] std::future<void> drain() {
    auto done = std::make_shared<std::promise<void>>();
    state->draining = true;
    boost::asio::post(context_, [this, done] { group_->drain([done] { done->set_value(); }); });
    return done->get_future();
  }
  void wait_for_connections(std::uint32_t wanted) const {
    auto const deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    while (state->connections.load() != wanted) {
      if (std::chrono::steady_clock::now() > deadline) FAIL("there are " << state->connections.load() << " connections, wanted " << wanted);
      std::this_thread::yield();
    }
  }

  std::shared_ptr<scripted> answers = std::make_shared<scripted>();
  std::shared_ptr<server_state> state = std::make_shared<server_state>();

 private:
  boost::asio::io_context context_{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> guard_;
  std::shared_ptr<session_group> group_;
  std::shared_ptr<listener> listener_;
  std::thread thread_;
};

}  // namespace evoke::http::tests
