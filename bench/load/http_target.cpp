#include "bench/load/http_target.hpp"

#include "bench/load/http_answer.hpp"

#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <memory>

namespace evoke::load {

result<int> connect_to(replay::server_address const& server) {
  ::addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  ::addrinfo* found = nullptr;
  if (auto const error = ::getaddrinfo(server.host.c_str(), server.port.c_str(), &hints, &found); error != 0) {
    return fail(errc::io_error, server.host + ": " + ::gai_strerror(error));
  }
  std::unique_ptr<::addrinfo, decltype(&::freeaddrinfo)> const addresses(found, &::freeaddrinfo);
  int error = 0;
  for (auto const* each = found; each != nullptr; each = each->ai_next) {
    int const made = ::socket(each->ai_family, each->ai_socktype | SOCK_CLOEXEC, each->ai_protocol);
    if (made >= 0 && ::connect(made, each->ai_addr, each->ai_addrlen) == 0) {
      int const on = 1;
      ::setsockopt(made, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
      ::fcntl(made, F_SETFL, ::fcntl(made, F_GETFL) | O_NONBLOCK);
      return made;
    }
    error = errno;
    if (made >= 0) ::close(made);
  }
  return fail(errc::io_error, "cannot connect to " + server.authority + ": " + std::strerror(error));
}

result<std::string> get_once(replay::server_address const& server, std::string_view target) {
  auto const socket = connect_to(server);
  if (!socket) return std::unexpected(socket.error());
  std::string const request = "GET " + server.base_path + std::string(target) + " HTTP/1.1\r\nHost: " + server.authority + "\r\n\r\n";
  std::string text;
  std::string scratch;
  http_answer answer;
  auto const asked = ::send(*socket, request.data(), request.size(), MSG_NOSIGNAL);
  auto whole = asked == static_cast<ssize_t>(request.size()) ? not_whole : not_http;
  while (whole == not_whole) {
    std::array<char, 8'192> bytes{};
    ::pollfd waiting{*socket, POLLIN, 0};
    if (::poll(&waiting, 1, 10'000) <= 0) break;
    auto const got = ::recv(*socket, bytes.data(), bytes.size(), 0);
    if (got <= 0) break;
    text.append(bytes.data(), static_cast<std::size_t>(got));
    whole = read_answer(text, answer, scratch);
  }
  ::close(*socket);
  auto const what = "GET " + std::string(target) + " at " + server.authority;
  if (whole == not_whole || whole == not_http) return fail(errc::io_error, what + ": no answer in HTTP");
  if (answer.status != 200) return fail(errc::io_error, what + ": answered " + std::to_string(answer.status));
  return std::string(answer.body);
}

}  // namespace evoke::load
