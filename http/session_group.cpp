#include "http/session_group.hpp"

#include "http/http_date.hpp"
#include "http/session.hpp"

#include <algorithm>

namespace evoke::http {
namespace {

/// How often deadlines are looked at: an eighth of the shortest, so that none is missed by much, and not so often that it costs.
session_group::clock::duration tick_for(session_settings const& settings) {
  auto const shortest =
      std::min({settings.header_timeout, settings.body_timeout, settings.idle_timeout, settings.write_timeout, settings.command_timeout});
  return std::clamp(shortest / 8, std::chrono::milliseconds(1), std::chrono::milliseconds(250));
}

}  // namespace

session_group::session_group(boost::asio::io_context& context, session_settings const& settings, std::shared_ptr<dispatcher> answers,
                             std::shared_ptr<server_state> state)
    : context_(&context),
      settings_(settings),
      answers_(std::move(answers)),
      state_(std::move(state)),
      timer_(context),
      tick_(tick_for(settings)) {}

session_group::~session_group() = default;

void session_group::open(tcp_socket socket, bool refused) {
  auto made = std::make_shared<session>(shared_from_this(), std::move(socket));
  sessions_.push_front(made);
  made->start(sessions_.begin(), refused);
  watch();
}

void session_group::drain(std::function<void()> done) {
  on_empty_ = std::move(done);
  for (auto at = sessions_.begin(); at != sessions_.end();) {
    auto const kept = *at++;  // it may leave
    kept->drain();
  }
  tell_when_empty();
}

void session_group::cut() {
  while (!sessions_.empty()) {
    auto const kept = sessions_.front();
    kept->close();
  }
  timer_.cancel();
}

void session_group::leave(place where) {
  sessions_.erase(where);
  state_->connections.fetch_sub(1, std::memory_order_relaxed);
  tell_when_empty();
}

void session_group::tell_when_empty() {
  if (!sessions_.empty() || !on_empty_) return;
  timer_.cancel();
  auto const done = std::exchange(on_empty_, nullptr);
  done();
}

void session_group::watch() {
  if (watching_ || sessions_.empty()) return;
  watching_ = true;
  timer_.expires_after(tick_);
  timer_.async_wait([self = shared_from_this()](boost::system::error_code) {
    self->watching_ = false;
    self->sweep();
    self->watch();
  });
}

void session_group::sweep() {
  auto const now = clock::now();
  for (auto at = sessions_.begin(); at != sessions_.end();) {
    auto const& here = *at++;
    if (now < here->deadline()) continue;
    auto const kept = here;
    kept->expire(now);
  }
}

std::string_view session_group::date_line() {
  auto const second = std::time(nullptr);
  if (second != date_second_) {
    date_second_ = second;
    date_line_.assign("Date: ");
    append_http_date(timestamp{std::chrono::seconds(second)}, date_line_);
    date_line_.append("\r\n");
  }
  return date_line_;
}

}  // namespace evoke::http
