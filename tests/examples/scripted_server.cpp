#include "scripted_server.hpp"

#include <utility>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>

#include <memory>

namespace tests {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

struct listening {
  asio::io_context io;
  tcp::acceptor acceptor{io, tcp::endpoint(asio::ip::address_v4::loopback(), 0)};
};

/// Plays the script; requests have no body that matters here, or one that arrives with the head.
void play(listening& at, std::vector<std::string> const& script, std::vector<std::string>& requests) {
  std::size_t next = 0;
  while (next < script.size()) {
    tcp::socket socket = at.acceptor.accept();
    boost::system::error_code error;
    while (next < script.size()) {
      std::string head;
      asio::read_until(socket, asio::dynamic_buffer(head), "\r\n\r\n", error);
      if (error) break;
      requests.push_back(head);
      auto const& answer = script[next++];
      if (answer.empty()) break;
      asio::write(socket, asio::buffer(answer), error);
    }
  }
}

}  // namespace

scripted_server::scripted_server(std::vector<std::string> script) {
  auto at = std::make_shared<listening>();
  port_ = at->acceptor.local_endpoint().port();
  thread_ = std::thread([this, at, script = std::move(script)] { play(*at, script, requests_); });
}

scripted_server::~scripted_server() {
  if (thread_.joinable()) thread_.join();
}

std::vector<std::string> const& scripted_server::requests() {
  if (thread_.joinable()) thread_.join();
  return requests_;
}

std::string scripted_server::reply(unsigned status, std::string const& body, std::string const& headers) {
  return "HTTP/1.1 " + std::to_string(status) + " Scripted\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" + headers + "\r\n" +
         body;
}

}  // namespace tests
