#include "fake_server.hpp"

#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <charconv>
#include <stdexcept>
#include <utility>
#include <vector>

namespace tests {
namespace {

/// Bytes of the request that `text` begins with; 0 = not whole.
std::size_t whole_request(std::string const& text) {
  auto const end = text.find("\r\n\r\n");
  if (end == std::string::npos) return 0;
  std::size_t length = 0;
  constexpr std::string_view name = "Content-Length: ";
  if (auto const at = text.find(name); at < end) std::from_chars(text.data() + at + name.size(), text.data() + end, length);
  return text.size() >= end + 4 + length ? end + 4 + length : 0;
}

}  // namespace

fake_server::fake_server(behaviour how) : how_(std::move(how)), listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  if (listener_ < 0) throw std::runtime_error("no socket");
  ::sockaddr_in at{};
  at.sin_family = AF_INET;
  at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  ::socklen_t size = sizeof at;
  auto* const address = reinterpret_cast<::sockaddr*>(&at);
  if (::bind(listener_, address, size) != 0 || ::listen(listener_, 100) != 0 || ::getsockname(listener_, address, &size) != 0) {
    throw std::runtime_error("no port");
  }
  port_ = ntohs(at.sin_port);
  thread_ = std::thread([this] { serve(); });
}

fake_server::~fake_server() {
  ended_ = true;
  thread_.join();
}

replay::server_address fake_server::address() const {
  return replay::parse_url("http://127.0.0.1:" + std::to_string(port_)).value();
}

void fake_server::serve() {
  std::vector<::pollfd> sockets{{listener_, POLLIN, 0}};
  std::vector<std::string> unread(1);
  bool staying = true;
  while (staying && !ended_) {
    ::poll(sockets.data(), sockets.size(), 20);
    for (std::size_t i = sockets.size() - 1; staying && i > 0; --i) {
      if (sockets[i].revents != 0) staying = answer(sockets[i].fd, unread[i]);
    }
    if (staying && sockets[0].revents != 0) {
      sockets.push_back({::accept(listener_, nullptr, nullptr), POLLIN, 0});
      unread.emplace_back();
    }
  }
  for (auto const& each : sockets) ::close(each.fd);
}

bool fake_server::answer(int socket, std::string& unread) {
  std::array<char, 65'536> bytes{};
  auto const got = ::recv(socket, bytes.data(), bytes.size(), 0);
  if (got <= 0) {
    ::shutdown(socket, SHUT_RDWR);
    return true;
  }
  unread.append(bytes.data(), static_cast<std::size_t>(got));
  for (auto whole = whole_request(unread); whole > 0; whole = whole_request(unread)) {
    bool const counts = unread.starts_with("POST ");  // the load, not what is asked about the log
    unread.erase(0, whole);
    auto const number = counts ? ++requests_ : 0;
    if (number > 0 && number == how_.leave_at) return false;
    if (number > 0 && number == how_.stall_at) std::this_thread::sleep_for(how_.stall);  // what a stall is
    if (::send(socket, how_.answer.data(), how_.answer.size(), MSG_NOSIGNAL) < 0) return true;
  }
  return true;
}

}  // namespace tests
