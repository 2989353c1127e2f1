#include "server/welcome.hpp"

namespace server {
namespace {

/// Where a client on this machine finds a server that listens on every address.
std::string reachable(std::string const& host) {
  if (host == "0.0.0.0") return "127.0.0.1";
  if (host == "::") return "::1";
  return host;
}

}  // namespace

std::string authority(std::string const& host, std::uint16_t port) {
  bool const v6 = host.find(':') != std::string::npos;
  return (v6 ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

std::string first_steps(std::string const& host, std::uint16_t port, evoke::timestamp now) {
  auto const number = std::chrono::duration_cast<std::chrono::seconds>(now.time_since_epoch()).count();
  auto const server = "http://" + authority(reachable(host), port);
  auto const cart = server + "/v1/aggregates/cart/c-" + std::to_string(number);
  return "Try it:\n"
         "  curl --json '{\"user_account_id\":\"u-1\"}' " +
         cart +
         "/commands/create_cart\n"
         "  curl --json '{\"product_id\":\"p-1\",\"quantity\":2,\"unit_price\":255}' " +
         cart +
         "/commands/add_cart_item\n"
         "  curl " +
         cart +
         "\n"
         "  curl '" +
         server + "/v1/views/carts?status=open'\n";
}

}  // namespace server
