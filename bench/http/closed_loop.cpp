#include "bench/http/closed_loop.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <memory>
#include <stdexcept>
#include <string_view>
#include <utility>

#include <boost/asio/buffer.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>

namespace evoke::bench {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using steady = std::chrono::steady_clock;

struct progress {
  load_options const& options;
  load_result result;
  steady::time_point measure_from;
  steady::time_point measure_to;
  std::uint64_t sent = 0;
};

/// Bytes of the answer at the beginning of `text`, 0 while it is not whole. Both servers send Content-Length, in this spelling.
std::size_t whole_answer(std::string_view text) {
  auto const end = text.find("\r\n\r\n");
  if (end == std::string_view::npos) return 0;
  constexpr std::string_view name = "\r\nContent-Length: ";
  auto const at = text.substr(0, end + 2).find(name);
  std::size_t length = 0;
  if (at != std::string_view::npos) std::from_chars(text.data() + at + name.size(), text.data() + end + 2, length);
  auto const whole = end + 4 + length;
  return text.size() >= whole ? whole : 0;
}

/// One connection: plain bytes, so that the generator costs as little as it can beside what it measures.
class connection : public std::enable_shared_from_this<connection> {
 public:
  connection(asio::io_context& on, progress& shared, steady::time_point first) : socket_(on), timer_(on), shared_(shared), due_(first) {}

  void start(std::uint16_t port) {
    socket_.connect({asio::ip::address_v4::loopback(), port});
    socket_.set_option(tcp::no_delay(true));
    send();
  }

 private:
  void send() {
    if (shared_.sent >= shared_.options.most_requests || steady::now() >= shared_.measure_to) return socket_.close();
    if (shared_.options.rate > 0 && steady::now() < due_) {
      timer_.expires_at(due_);
      return timer_.async_wait([self = shared_from_this()](boost::system::error_code) { self->send(); });
    }
    request_.clear();
    shared_.options.request(shared_.sent++, request_);
    sent_at_ = shared_.options.rate > 0 ? due_ : steady::now();
    if (shared_.options.rate > 0)
      due_ += std::chrono::duration_cast<steady::duration>(
          std::chrono::duration<double>(static_cast<double>(shared_.options.connections) / shared_.options.rate));
    asio::async_write(socket_, asio::buffer(request_), [self = shared_from_this()](boost::system::error_code ec, std::size_t) {
      if (ec) throw std::runtime_error("the server cut a connection: " + ec.message());
    });
    receive();
  }

  void receive() {
    socket_.async_read_some(asio::buffer(buffer_), [self = shared_from_this()](boost::system::error_code ec, std::size_t bytes) {
      if (ec) throw std::runtime_error("the server cut a connection: " + ec.message());
      self->answer_.append(self->buffer_.data(), bytes);
      auto const whole = whole_answer(self->answer_);
      if (whole == 0) return self->receive();
      self->note();
      self->answer_.erase(0, whole);
      self->send();
    });
  }

  void note() {
    auto const now = steady::now();
    bool const good = answer_.size() > 9 && answer_[9] == '2';
    shared_.result.all_2xx += good ? 1 : 0;
    if (now < shared_.measure_from || now >= shared_.measure_to) return;
    ++(good ? shared_.result.answered : shared_.result.refused);
    auto const took = std::chrono::duration_cast<std::chrono::microseconds>(now - sent_at_).count();
    shared_.result.latencies_us.push_back(static_cast<std::uint32_t>(took));
  }

  tcp::socket socket_;
  asio::steady_timer timer_;
  progress& shared_;
  std::string request_;
  std::string answer_;
  std::array<char, 4096> buffer_{};
  steady::time_point sent_at_;
  steady::time_point due_;
};

}  // namespace

std::uint32_t load_result::percentile_us(double share) {
  if (latencies_us.empty()) return 0;
  std::ranges::sort(latencies_us);
  return latencies_us[std::min(latencies_us.size() - 1, static_cast<std::size_t>(share * static_cast<double>(latencies_us.size())))];
}

load_result closed_loop(load_options const& options) {
  asio::io_context context{1};
  auto const begin = steady::now();
  progress shared{options, {}, begin + options.warm_up, begin + options.warm_up + options.measured};
  for (std::size_t i = 0; i < options.connections; ++i) {
    // At a rate the connections take turns, evenly.
    auto const offset =
        options.rate > 0 ? std::chrono::duration<double>(static_cast<double>(i) / options.rate) : std::chrono::duration<double>(0);
    std::make_shared<connection>(context, shared, begin + std::chrono::duration_cast<steady::duration>(offset))->start(options.port);
  }
  context.run();
  auto const end = std::min(steady::now(), shared.measure_to);
  shared.result.seconds = std::chrono::duration<double>(end - shared.measure_from).count();
  return std::move(shared.result);
}

std::string ask_once(std::uint16_t port, std::string const& request) {
  asio::io_context context;
  tcp::socket socket(context);
  socket.connect({asio::ip::address_v4::loopback(), port});
  asio::write(socket, asio::buffer(request));
  std::string answer;
  std::array<char, 4096> buffer{};
  while (whole_answer(answer) == 0) answer.append(buffer.data(), socket.read_some(asio::buffer(buffer)));
  return answer.substr(answer.find("\r\n\r\n") + 4);
}

}  // namespace evoke::bench
