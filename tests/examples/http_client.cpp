#include "http_client.hpp"

#include "replay/cart_api.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <stdexcept>

namespace tests {

replay::http_reply ask(std::string const& url, replay::http_request const& request) {
  boost::asio::io_context io;
  replay::http_connection connection(io.get_executor(), replay::parse_url(url).value());
  evoke::result<replay::http_reply> reply = evoke::fail(evoke::errc::io_error, "not asked");
  auto const exchange = [&]() -> boost::asio::awaitable<void> { reply = co_await connection.send(request, std::chrono::seconds(60)); };
  boost::asio::co_spawn(io, exchange, [](std::exception_ptr const& error) {
    if (error) std::rethrow_exception(error);
  });
  io.run();
  if (!reply) throw std::runtime_error(request.method + " " + request.target + ": " + reply.error().message);
  return *reply;
}

replay::http_reply get(std::string const& url, std::string const& target) {
  return send(url, "GET", target, "");
}

replay::http_reply send(std::string const& url, std::string const& method, std::string const& target, std::string const& json) {
  replay::http_request request;
  request.method = method;
  request.target = target;
  request.body = json;
  return ask(url, request);
}

std::uint64_t head_of(std::string const& url) {
  auto const info = replay::read_info_reply(ask(url, replay::read_info()));
  if (!info) throw std::runtime_error(info.error().message);
  return info->head;
}

}  // namespace tests
