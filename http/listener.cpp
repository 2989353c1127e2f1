#include "http/listener.hpp"

#include <boost/asio/post.hpp>

namespace evoke::http {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

/// Out of file handles: nothing helps but time, and trying at once would be a busy loop.
constexpr std::chrono::milliseconds accept_retry{100};
/// Connections beyond the limit that may be told so at a time; further ones are closed without a word.
constexpr std::uint32_t max_refusals = 256;

}  // namespace

listener::listener(std::vector<std::shared_ptr<session_group>> groups, std::shared_ptr<server_state> state, std::uint32_t max_connections)
    : groups_(std::move(groups)),
      state_(std::move(state)),
      max_connections_(max_connections),
      acceptor_(groups_.front()->context()),
      retry_(groups_.front()->context()) {}

result<void> listener::open(std::string const& host, std::uint16_t port) {
  auto const refused = [&](error_code ec) {
    return fail(errc::io_error, "cannot listen on " + host + " port " + std::to_string(port) + ": " + ec.message());
  };
  error_code ec;
  asio::ip::tcp::resolver resolver(groups_.front()->context());
  auto const found = resolver.resolve(host, std::to_string(port), asio::ip::tcp::resolver::passive, ec);
  if (ec || found.empty()) return refused(ec ? ec : asio::error::make_error_code(asio::error::host_not_found));
  auto const address = found.begin()->endpoint();
  acceptor_.open(address.protocol(), ec);
  if (!ec) acceptor_.set_option(asio::socket_base::reuse_address(true), ec);
  if (!ec) acceptor_.bind(address, ec);
  if (!ec) acceptor_.listen(asio::socket_base::max_listen_connections, ec);
  if (ec) return refused(ec);
  port_ = acceptor_.local_endpoint(ec).port();
  return {};
}

void listener::start() {
  accept();
}

void listener::close() {
  error_code ignored;
  acceptor_.close(ignored);
  retry_.cancel();
}

void listener::accept() {
  if (!acceptor_.is_open()) return;
  acceptor_.async_accept(groups_[next_]->context(), [self = shared_from_this()](error_code ec, tcp_socket socket) {
    if (ec == asio::error::operation_aborted) return;
    if (ec == asio::error::no_descriptors || ec == asio::error::no_buffer_space || ec == asio::error::no_memory ||
        ec == boost::system::errc::too_many_files_open_in_system)
      return self->pause();
    if (!ec) self->hand_over(std::move(socket));
    self->accept();
  });
}

void listener::hand_over(tcp_socket socket) {
  auto& group = groups_[next_];
  next_ = (next_ + 1) % groups_.size();
  auto const open = state_->connections.fetch_add(1, std::memory_order_relaxed) + 1;
  if (open > max_connections_ + max_refusals) {
    state_->connections.fetch_sub(1, std::memory_order_relaxed);
    return;
  }
  asio::post(group->context(),
             [group, socket = std::move(socket), refused = open > max_connections_]() mutable { group->open(std::move(socket), refused); });
}

void listener::pause() {
  retry_.expires_after(accept_retry);
  retry_.async_wait([self = shared_from_this()](error_code ec) {
    if (!ec) self->accept();
  });
}

}  // namespace evoke::http
