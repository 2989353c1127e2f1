#include "tests/http/raw_client.hpp"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>
#include <algorithm>
#include <stdexcept>
#include <utility>

namespace evoke::http::tests {
namespace {

constexpr std::chrono::seconds patience{10};

/// An exception, not an assertion: Catch2's may only be used on one thread.
[[noreturn]] void give_up(std::string const& why) {
  throw std::runtime_error("raw_client: " + why);
}

std::string lower(std::string text) {
  std::ranges::transform(text, text.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

}  // namespace

raw_client::raw_client(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(socket_, reinterpret_cast<sockaddr const*>(&address), sizeof address) != 0)
    give_up("cannot connect to port " + std::to_string(port));
  int const one = 1;
  ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
}

raw_client::~raw_client() {
  if (socket_ >= 0) ::close(socket_);
}

raw_client::raw_client(raw_client&& other) noexcept : socket_(std::exchange(other.socket_, -1)), received_(std::move(other.received_)) {}

void raw_client::send(std::string_view bytes) {
  if (!try_send(bytes)) give_up("the server closed while it was being sent to");
}

bool raw_client::try_send(std::string_view bytes) {
  while (!bytes.empty()) {
    auto const sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

void raw_client::end_of_sending() {
  ::shutdown(socket_, SHUT_WR);
}

void raw_client::reset() {
  linger const now{1, 0};
  ::setsockopt(socket_, SOL_SOCKET, SO_LINGER, &now, sizeof now);
  ::close(std::exchange(socket_, -1));
}

bool raw_client::receive() {
  auto const left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline_ - std::chrono::steady_clock::now()).count();
  pollfd waiting{socket_, POLLIN, 0};
  if (left <= 0 || ::poll(&waiting, 1, static_cast<int>(left)) == 0) give_up("no answer in time; received so far: " + received_);
  char buffer[65536];
  auto const bytes = ::recv(socket_, buffer, sizeof buffer, 0);
  if (bytes <= 0) return false;
  received_.append(buffer, static_cast<std::size_t>(bytes));
  return true;
}

std::string raw_client::take_line() {
  for (;;) {
    auto const end = received_.find("\r\n");
    if (end != std::string::npos) {
      auto line = received_.substr(0, end);
      received_.erase(0, end + 2);
      return line;
    }
    if (!receive()) give_up("the server closed within an answer; received so far: " + received_);
  }
}

std::string raw_client::take(std::size_t bytes) {
  while (received_.size() < bytes)
    if (!receive()) give_up("the server closed within a body; received so far: " + received_);
  auto taken = received_.substr(0, bytes);
  received_.erase(0, bytes);
  return taken;
}

answer raw_client::take_head() {
  answer made;
  auto const line = take_line();
  if (!line.starts_with("HTTP/1.1 ")) give_up("this is no status line: " + line);
  made.status = std::stoi(line.substr(9, 3));
  for (auto header = take_line(); !header.empty(); header = take_line()) {
    auto const colon = header.find(": ");
    if (colon == std::string::npos) give_up("this is no header: " + header);
    made.headers[lower(header.substr(0, colon))] = header.substr(colon + 2);
  }
  return made;
}

std::string raw_client::take_chunk() {
  auto const size = std::stoul(take_line(), nullptr, 16);
  auto chunk = take(size);
  if (!take_line().empty()) give_up("a chunk does not end");
  return chunk;
}

answer raw_client::read_head() {
  deadline_ = std::chrono::steady_clock::now() + patience;
  return take_head();
}

std::string raw_client::read_chunk() {
  deadline_ = std::chrono::steady_clock::now() + patience;
  return take_chunk();
}

answer raw_client::read(bool to_head) {
  deadline_ = std::chrono::steady_clock::now() + patience;
  auto made = take_head();
  if (to_head || made.status < 200 || made.status == 204 || made.status == 304) return made;
  if (made.header("transfer-encoding") == "chunked") {
    for (auto chunk = take_chunk(); !chunk.empty(); chunk = take_chunk()) made.body += chunk;
    return made;
  }
  if (made.headers.contains("content-length")) {
    made.body = take(std::stoul(made.header("content-length")));
  } else {
    while (receive()) {
    }
    made.body = std::exchange(received_, {});
  }
  return made;
}

std::string raw_client::read_until(std::string_view text) {
  deadline_ = std::chrono::steady_clock::now() + patience;
  for (;;) {
    auto const at = received_.find(text);
    if (at != std::string::npos) return take(at + text.size());
    if (!receive()) give_up("the server closed; received so far: " + received_);
  }
}

std::string raw_client::read_to_end() {
  deadline_ = std::chrono::steady_clock::now() + patience;
  while (receive()) {
  }
  return std::exchange(received_, {});
}

answer raw_client::ask(std::string_view method, std::string_view target, std::string_view headers, std::string_view body) {
  std::string text;
  text.append(method).append(" ").append(target).append(" HTTP/1.1\r\nHost: test\r\n").append(headers);
  if (!body.empty()) text.append("Content-Length: ").append(std::to_string(body.size())).append("\r\n");
  send(text.append("\r\n").append(body));
  return read(method == "HEAD");
}

}  // namespace evoke::http::tests
