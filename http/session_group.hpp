#pragma once

#include "http/exchange.hpp"
#include "http/request_reader.hpp"

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <cstdint>
#include <ctime>
#include <functional>
#include <list>
#include <memory>
#include <string>
#include <string_view>

namespace evoke::http {

class session;

/// What all sessions of a server go by.
struct session_settings {
  reader_limits limits{};
  std::chrono::milliseconds header_timeout{};
  std::chrono::milliseconds body_timeout{};
  std::chrono::milliseconds idle_timeout{};
  std::chrono::milliseconds write_timeout{};
  std::chrono::milliseconds command_timeout{};
};

/// What changes for all groups of a server at once. Any thread.
struct server_state {
  std::atomic<std::uint32_t> connections{0};
  /// True before the first connection is closed for it: whoever saw one closed gets no answer that promises to keep another open.
  std::atomic<bool> draining{false};
};

using tcp_socket = boost::asio::basic_stream_socket<boost::asio::ip::tcp, boost::asio::io_context::executor_type>;

/// The sessions of one worker, and what they share: the dispatcher, the Date header, and one timer that looks after all their deadlines (a
/// timer per operation would cost every request two changes of a heap). Everything but the constructor and post() runs on the worker's
/// thread.
class session_group : public std::enable_shared_from_this<session_group> {
 public:
  using clock = std::chrono::steady_clock;

  /// @param context must outlive the group's last session
  session_group(boost::asio::io_context& context, session_settings const& settings, std::shared_ptr<dispatcher> answers,
                std::shared_ptr<server_state> state);
  ~session_group();
  session_group(session_group const&) = delete;
  session_group& operator=(session_group const&) = delete;

  /// Serves a connection that the state has counted. `refused` = answer 503 and close.
  void open(tcp_socket socket, bool refused);
  /// After server_state::draining was set: closes idle sessions, and the others when they have answered; `done` is called once there is
  /// none.
  void drain(std::function<void()> done);
  /// Closes all sessions now.
  void cut();

  [[nodiscard]] boost::asio::io_context& context() noexcept { return *context_; }
  [[nodiscard]] session_settings const& settings() const noexcept { return settings_; }
  [[nodiscard]] dispatcher& answers() noexcept { return *answers_; }
  [[nodiscard]] bool draining() const noexcept { return state_->draining.load(std::memory_order_acquire); }
  /// "Date: ...\r\n", made anew when the second has changed.
  [[nodiscard]] std::string_view date_line();

  // -- for session
  using place = std::list<std::shared_ptr<session>>::iterator;
  void leave(place where);

 private:
  void watch();
  void sweep();
  void tell_when_empty();

  boost::asio::io_context* context_;
  session_settings settings_;
  std::shared_ptr<dispatcher> answers_;
  std::shared_ptr<server_state> state_;
  std::list<std::shared_ptr<session>> sessions_;
  boost::asio::basic_waitable_timer<clock, boost::asio::wait_traits<clock>, boost::asio::io_context::executor_type> timer_;
  clock::duration tick_;
  bool watching_ = false;
  std::function<void()> on_empty_;
  std::time_t date_second_ = 0;
  std::string date_line_;
};

}  // namespace evoke::http
