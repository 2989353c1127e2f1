#include "replay/http_connection.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>

#include <optional>

namespace replay {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;

/// A cart of 1,000 lines with names of 1,000 bytes, every one of them escaped, is 6 MB.
constexpr std::uint64_t max_reply_bytes = 64ULL * 1024 * 1024;

auto into(boost::system::error_code& error) {
  return asio::redirect_error(asio::use_awaitable, error);
}

http_reply to_reply(http::response<http::string_body>&& from) {
  auto const text = [&](auto const& name) {
    auto const found = from[name];
    return std::string(found.data(), found.size());
  };
  http_reply made;
  made.status = from.result_int();
  made.etag = text(http::field::etag);
  made.retry_after = text(http::field::retry_after);
  made.consistency_token = text("Consistency-Token");
  made.link = text(http::field::link);
  made.location = text(http::field::location);
  made.replayed = text("Idempotency-Replayed") == "true";
  made.body = std::move(from.body());
  return made;
}

}  // namespace

class http_connection::impl {
 public:
  impl(asio::any_io_executor executor, server_address server) : executor_(std::move(executor)), server_(std::move(server)) {}

  asio::awaitable<evoke::result<http_reply>> send(http_request const& request, std::chrono::milliseconds timeout) {
    boost::system::error_code error;
    if (!stream_) {
      co_await connect(timeout, error);
      if (error) co_return lost("cannot connect to " + server_.authority, error);
    }
    auto const message = to_message(request);
    stream_->expires_after(timeout);
    co_await http::async_write(*stream_, message, into(error));
    if (error) co_return lost("cannot send", error);

    http::response_parser<http::string_body> parser;
    parser.body_limit(max_reply_bytes);
    co_await http::async_read(*stream_, buffer_, parser, into(error));
    if (error) co_return lost("no reply", error);
    if (!parser.get().keep_alive()) close();
    co_return to_reply(parser.release());
  }

 private:
  asio::awaitable<void> connect(std::chrono::milliseconds timeout, boost::system::error_code& error) {
    asio::ip::tcp::resolver resolver(executor_);
    auto const found = co_await resolver.async_resolve(server_.host, server_.port, into(error));
    if (error) co_return;
    stream_.emplace(executor_);
    stream_->expires_after(timeout);
    co_await stream_->async_connect(found, into(error));
    if (error) co_return;
    boost::system::error_code ignored;  // slower without, and no less right
    stream_->socket().set_option(asio::ip::tcp::no_delay(true), ignored);
  }

  http::request<http::string_body> to_message(http_request const& request) const {
    http::request<http::string_body> message;
    message.version(11);
    message.method_string(request.method);
    message.target(server_.base_path + request.target);
    message.set(http::field::host, server_.authority);
    message.set(http::field::user_agent, "evoke-replay");
    for (auto const& [name, value] : request.headers) message.set(name, value);
    if (!request.body.empty()) message.set(http::field::content_type, "application/json");
    message.body() = request.body;
    message.prepare_payload();
    return message;
  }

  std::unexpected<evoke::failure> lost(std::string const& what, boost::system::error_code const& error) {
    close();
    return evoke::fail(evoke::errc::io_error, what + ": " + error.message());
  }

  void close() {
    stream_.reset();
    buffer_.clear();
  }

  asio::any_io_executor executor_;
  server_address server_;
  std::optional<beast::tcp_stream> stream_;
  beast::flat_buffer buffer_;
};

http_connection::http_connection(boost::asio::any_io_executor executor, server_address server)
    : impl_(std::make_unique<impl>(std::move(executor), std::move(server))) {}
http_connection::http_connection(http_connection&&) noexcept = default;
http_connection::~http_connection() = default;

boost::asio::awaitable<evoke::result<http_reply>> http_connection::send(http_request const& request, std::chrono::milliseconds timeout) {
  return impl_->send(request, timeout);
}

}  // namespace replay
