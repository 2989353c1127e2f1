#include "bench/followers/follower_crowd.hpp"

#include <evoke/time.hpp>

#include <array>
#include <chrono>
#include <stdexcept>
#include <string_view>

#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>

namespace evoke::bench {

namespace asio = boost::asio;
using asio::ip::tcp;

/// Takes events as they stand between two empty lines. Chunk headers lie between them and are passed over as what they are: lines that are
/// no field.
class follower_crowd::client : public std::enable_shared_from_this<client> {
 public:
  client(follower_crowd& crowd) : crowd_(crowd), socket_(crowd.context_) {}

  void connect(std::uint16_t port, std::string const& target) {
    socket_.connect({asio::ip::address_v4::loopback(), port});
    auto const request = "GET " + target + " HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: text/event-stream\r\n\r\n";
    asio::write(socket_, asio::buffer(request));
  }

  void read() {
    socket_.async_read_some(asio::buffer(buffer_), [self = shared_from_this()](boost::system::error_code ec, std::size_t bytes) {
      if (ec) return;
      self->text_.append(self->buffer_.data(), bytes);
      self->take();
      self->read();
    });
  }

 private:
  void take() {
    if (!begun_) {
      auto const head = text_.find("\r\n\r\n");
      if (head == std::string::npos) return;
      if (!text_.starts_with("HTTP/1.1 200")) throw std::runtime_error("a feed was refused: " + text_.substr(0, text_.find('\r')));
      text_.erase(0, head + 4);
      begun_ = true;
      crowd_.begun_.fetch_add(1);
    }
    std::size_t from = 0;
    for (auto end = text_.find("\n\n", from); end != std::string::npos; end = text_.find("\n\n", from)) {
      crowd_.received(std::string_view(text_).substr(from, end - from));
      from = end + 2;
    }
    text_.erase(0, from);
  }

  follower_crowd& crowd_;
  tcp::socket socket_;
  std::array<char, 16'384> buffer_{};
  std::string text_;
  bool begun_ = false;
};

follower_crowd::follower_crowd(std::uint16_t port, std::vector<std::string> const& targets) {
  for (auto const& target : targets) {
    auto made = std::make_shared<client>(*this);
    made->connect(port, target);
    made->read();
    clients_.push_back(std::move(made));
  }
  thread_ = std::thread([this] { context_.run(); });
  auto const until = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  while (begun_ < targets.size()) {
    if (std::chrono::steady_clock::now() > until) throw std::runtime_error("the feeds did not begin");
    std::this_thread::yield();
  }
}

follower_crowd::~follower_crowd() {
  context_.stop();
  if (thread_.joinable()) thread_.join();
}

void follower_crowd::received(std::string_view event) {
  if (event.find("data:") == std::string_view::npos) return;
  events_.fetch_add(1, std::memory_order_relaxed);
  constexpr std::string_view name = "\"time\":\"";
  auto const at = event.find(name);
  if (at == std::string_view::npos) return;
  auto const begin = at + name.size();
  auto const time = parse_rfc3339(event.substr(begin, event.find('"', begin) - begin));
  if (!time) return;
  auto const age = std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::system_clock::now() - *time).count();
  ages_us_.push_back(static_cast<std::uint32_t>(std::max<std::int64_t>(age, 0)));
}

void follower_crowd::begin() {
  asio::post(context_, [this] {
    ages_us_.clear();
    events_ = 0;
  });
}

std::vector<std::uint32_t> follower_crowd::finish() {
  context_.stop();
  thread_.join();
  return std::move(ages_us_);
}

}  // namespace evoke::bench
