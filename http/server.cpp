#include <evoke/http/server.hpp>

#include "actors/worker_pool.hpp"
#include "http/api.hpp"
#include "http/listener.hpp"
#include "http/session_group.hpp"
#include "runtime/runtime_core.hpp"

#include <atomic>
#include <boost/asio/post.hpp>
#include <condition_variable>
#include <mutex>

namespace evoke::http {
namespace {

session_settings settings_of(server_options const& options) {
  session_settings made;
  made.limits = {options.max_header_bytes, options.max_target_bytes, options.max_body_bytes};
  made.header_timeout = options.header_timeout;
  made.body_timeout = options.body_timeout;
  made.idle_timeout = options.idle_timeout;
  made.write_timeout = options.write_timeout;
  made.command_timeout = options.command_timeout;
  return made;
}

result<void> check(server_options const& options) {
  for (auto const each : {options.header_timeout, options.body_timeout, options.idle_timeout, options.write_timeout,
                          options.command_timeout, options.feed_heartbeat})
    if (each <= std::chrono::milliseconds(0)) return fail(errc::invalid_argument, "every time-out of server_options must be longer than 0");
  if (options.max_connections == 0) return fail(errc::invalid_argument, "server_options::max_connections must be at least 1");
  if (options.max_batch_commands == 0) return fail(errc::invalid_argument, "server_options::max_batch_commands must be at least 1");
  // Room for one ordinary request; a 32-bit offset reaches everywhere in a head.
  if (options.max_header_bytes < 256 || options.max_header_bytes > 64U * 1024 * 1024)
    return fail(errc::invalid_argument, "server_options::max_header_bytes must be between 256 bytes and 64 MiB");
  if (options.public_url.ends_with('/')) return fail(errc::invalid_argument, "server_options::public_url must not end with /");
  return {};
}

/// Counts workers that have done what they were told. Shared with tasks that may run after nobody waits any more.
class countdown {
 public:
  explicit countdown(std::size_t left) : left_(left) {}
  void one_done() {
    std::lock_guard const lock(mutex_);
    --left_;
    changed_.notify_all();
  }
  bool wait_until(std::chrono::steady_clock::time_point deadline) {
    std::unique_lock lock(mutex_);
    return changed_.wait_until(lock, deadline, [this] { return left_ == 0; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::size_t left_;
};

}  // namespace

class server::impl {
 public:
  explicit impl(std::shared_ptr<api> answers) : api_(std::move(answers)) {}

  result<void> start(actors::worker_pool& workers) {
    auto const& options = api_->context().options;
    for (std::size_t i = 0; i < workers.size(); ++i)
      groups_.push_back(std::make_shared<session_group>(workers.context(i), settings_of(options), api_, state_));
    listener_ = std::make_shared<listener>(groups_, state_, options.max_connections);
    if (auto opened = listener_->open(options.host, options.port); !opened) return opened;
    boost::asio::post(groups_.front()->context(), [accepting = listener_] { accepting->start(); });
    return {};
  }

  void stop(std::chrono::milliseconds deadline) {
    if (stopped_ || !listener_) return;
    stopped_ = true;
    auto const until = std::chrono::steady_clock::now() + deadline;
    api_->context().draining = true;
    state_->draining.store(true, std::memory_order_release);
    api_->context().served.subscriptions().end_waits();
    boost::asio::post(groups_.front()->context(), [accepting = listener_] { accepting->close(); });
    auto const drained = std::make_shared<countdown>(groups_.size());
    for (auto const& group : groups_)
      boost::asio::post(group->context(), [group, drained] { group->drain([drained] { drained->one_done(); }); });
    if (drained->wait_until(until)) return;
    auto const cut = std::make_shared<countdown>(groups_.size());
    for (auto const& group : groups_)
      boost::asio::post(group->context(), [group, cut] {
        group->cut();
        cut->one_done();
      });
    // A worker that is stuck in user code must not keep the program from stopping: what it still holds is kept alive by itself.
    cut->wait_until(std::chrono::steady_clock::now() + std::chrono::seconds(1));
  }

  [[nodiscard]] std::uint16_t port() const noexcept { return listener_->port(); }

 private:
  std::shared_ptr<api> api_;
  std::shared_ptr<server_state> state_ = std::make_shared<server_state>();
  std::vector<std::shared_ptr<session_group>> groups_;
  std::shared_ptr<listener> listener_;
  bool stopped_ = false;
};

result<std::unique_ptr<server>> server::start(runtime& served, server_options options, std::vector<route> routes) {
  if (auto checked = check(options); !checked) return std::unexpected(std::move(checked.error()));
  auto answers = api::make(served, std::move(options), std::move(routes));
  if (!answers) return std::unexpected(std::move(answers.error()));
  auto made = std::make_unique<impl>(*std::move(answers));
  if (auto started = made->start(served.core().workers()); !started) return std::unexpected(std::move(started.error()));
  return std::unique_ptr<server>(new server(std::move(made)));
}

server::server(std::unique_ptr<impl> made) : impl_(std::move(made)) {}

server::~server() {
  impl_->stop(std::chrono::milliseconds(0));
}

std::uint16_t server::port() const noexcept {
  return impl_->port();
}

void server::stop(std::chrono::milliseconds deadline) {
  impl_->stop(deadline);
}

}  // namespace evoke::http
