// A bare Beast echo server: answers every request with its own body. The baseline that HTTP figures are divided by: nobody who uses Beast
// can be faster than this on the same machine, and what lies between is evoke.
//
// usage: evoke-bench-echo [HOST:PORT] [THREADS]      default 127.0.0.1:8090 and 1; prints "listening on HOST:PORT"

#include <boost/asio/bind_executor.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/strand.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <charconv>
#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace beast_http = beast::http;
using asio::ip::tcp;

/// One connection on one thread's io_context: no strand, buffer and parser used again, no-delay, no time-outs.
class echo_session : public std::enable_shared_from_this<echo_session> {
 public:
  explicit echo_session(tcp::socket socket) : socket_(std::move(socket)) {
    beast::error_code ignored;
    socket_.set_option(tcp::no_delay(true), ignored);
  }

  void read() {
    parser_.emplace();
    beast_http::async_read(socket_, buffer_, *parser_, [self = shared_from_this()](beast::error_code ec, std::size_t) {
      if (!ec) self->answer();
    });
  }

 private:
  void answer() {
    auto& request = parser_->get();
    response_ = {beast_http::status::ok, request.version()};
    response_.keep_alive(request.keep_alive());
    response_.set(beast_http::field::content_type, "application/json");
    response_.body() = std::move(request.body());
    response_.prepare_payload();
    beast_http::async_write(socket_, response_, [self = shared_from_this()](beast::error_code ec, std::size_t) {
      if (!ec && self->response_.keep_alive()) self->read();
    });
  }

  tcp::socket socket_;
  beast::flat_buffer buffer_;
  std::optional<beast_http::request_parser<beast_http::string_body>> parser_;
  beast_http::response<beast_http::string_body> response_;
};

/// One thread per io_context, connections dealt out in turn: how evoke's own workers do it.
class echo_server {
 public:
  echo_server(tcp::endpoint const& address, std::size_t threads) {
    for (std::size_t i = 0; i < threads; ++i) contexts_.push_back(std::make_unique<asio::io_context>(1));
    acceptor_.emplace(*contexts_.front(), address);
    acceptor_->listen(asio::socket_base::max_listen_connections);
  }

  [[nodiscard]] tcp::endpoint address() const { return acceptor_->local_endpoint(); }

  void run() {
    accept();
    std::vector<std::jthread> others;
    for (std::size_t i = 1; i < contexts_.size(); ++i)
      others.emplace_back([this, i] {
        auto const guard = asio::make_work_guard(*contexts_[i]);
        contexts_[i]->run();
      });
    contexts_.front()->run();
  }

 private:
  void accept() {
    auto& context = *contexts_[next_];
    next_ = (next_ + 1) % contexts_.size();
    acceptor_->async_accept(context, [this, &context](beast::error_code ec, tcp::socket socket) {
      if (!ec) asio::post(context, [socket = std::move(socket)]() mutable { std::make_shared<echo_session>(std::move(socket))->read(); });
      accept();
    });
  }

  std::vector<std::unique_ptr<asio::io_context>> contexts_;
  std::optional<tcp::acceptor> acceptor_;
  std::size_t next_ = 0;
};

std::optional<unsigned> number(std::string_view text) {
  unsigned value = 0;
  auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc{} && end == text.data() + text.size() ? std::optional(value) : std::nullopt;
}

int usage() {
  std::fputs("usage: evoke-bench-echo [HOST:PORT] [THREADS]\n", stderr);
  return 2;
}

}  // namespace

int main(int argc, char** argv) {
  std::string_view const listen = argc > 1 ? argv[1] : "127.0.0.1:8090";
  auto const threads = number(argc > 2 ? argv[2] : "1");
  auto const colon = listen.rfind(':');
  auto const port = colon == std::string_view::npos ? std::nullopt : number(listen.substr(colon + 1));
  if (argc > 3 || !port || *port > 65535 || !threads || *threads == 0 || *threads > 256) return usage();
  boost::system::error_code ec;
  auto const host = asio::ip::make_address(std::string(listen.substr(0, colon)), ec);
  if (ec) return usage();
  try {
    echo_server server({host, static_cast<std::uint16_t>(*port)}, *threads);
    std::printf("listening on %s:%u\n", server.address().address().to_string().c_str(), unsigned{server.address().port()});
    std::fflush(stdout);
    server.run();
  } catch (std::exception const& why) {
    std::fprintf(stderr, "evoke-bench-echo: %s\n", why.what());
    return 1;
  }
  return 0;
}
