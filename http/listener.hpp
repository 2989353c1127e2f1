#pragma once

#include "http/session_group.hpp"

#include <evoke/result.hpp>

#include <atomic>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace evoke::http {

/// Accepts connections on the first group's worker and hands them to the groups in turn.
class listener : public std::enable_shared_from_this<listener> {
 public:
  listener(std::vector<std::shared_ptr<session_group>> groups, std::shared_ptr<server_state> state, std::uint32_t max_connections);

  /// Binds. @returns io_error, naming the address, when it cannot be had.
  [[nodiscard]] result<void> open(std::string const& host, std::uint16_t port);
  [[nodiscard]] std::uint16_t port() const noexcept { return port_; }

  /// Both on the first group's worker.
  void start();
  void close();

 private:
  using acceptor = boost::asio::basic_socket_acceptor<boost::asio::ip::tcp, boost::asio::io_context::executor_type>;

  void accept();
  void hand_over(tcp_socket socket);
  void pause();

  std::vector<std::shared_ptr<session_group>> groups_;
  std::shared_ptr<server_state> state_;
  std::uint32_t max_connections_;
  acceptor acceptor_;
  boost::asio::basic_waitable_timer<session_group::clock, boost::asio::wait_traits<session_group::clock>,
                                    boost::asio::io_context::executor_type>
      retry_;
  std::size_t next_ = 0;
  std::uint16_t port_ = 0;
};

}  // namespace evoke::http
