#include "order_routes.hpp"

#include "fulfilment.hpp"
#include "money/amount.hpp"

#include <evoke/http/responses.hpp>

#include <string>

namespace orders {
namespace {

namespace http = evoke::http;

// The JSON of the route: its names are camelCase, its prices have decimals.

struct item_request {
  std::string productId;
  std::int64_t quantity = 0;
  money::amount price;
};
BOOST_DESCRIBE_STRUCT(item_request, (), (productId, quantity, price))

struct order_request {
  std::string customerId;
  std::vector<item_request> items;
  std::string shippingAddress;
  std::optional<std::string> currency;
  std::optional<std::string> customerName;
  std::optional<std::string> customerEmail;
};
BOOST_DESCRIBE_STRUCT(order_request, (), (customerId, items, shippingAddress, currency, customerName, customerEmail))

struct order_reply {
  std::string orderId;
};
BOOST_DESCRIBE_STRUCT(order_reply, (), (orderId))

start_fulfilment as_command(order_request wanted) {
  start_fulfilment made{.customer_id = std::move(wanted.customerId),
                        .customer_name = std::move(wanted.customerName),
                        .customer_email = std::move(wanted.customerEmail),
                        .items = {},
                        .shipping_address = std::move(wanted.shippingAddress),
                        .currency = std::move(wanted.currency)};
  made.items.reserve(wanted.items.size());
  for (auto& each : wanted.items) made.items.push_back({std::move(each.productId), each.quantity, each.price.minor_units});
  return made;
}

/// The order is not there yet when this is said, only the wish for it: hence 202, and where to look.
http::response accepted(std::string const& order_id) {
  auto made = http::json_response(202, order_reply{order_id});
  made.headers.emplace_back("Location", "/v1/processes/order_fulfilment/" + order_id);
  return made;
}

void order_something(evoke::runtime& served, http::request const& request, http::responder respond) {
  auto wanted = evoke::json::decode<order_request>(request.body());
  if (!wanted) return respond(http::problem(wanted.error()));
  auto const id = evoke::uuid::random().str();
  served.of<fulfilment>(id).execute(as_command(std::move(*wanted)),
                                    [id, respond = std::move(respond)](evoke::command_result const& end) mutable {
                                      if (end.rejected()) return respond(http::problem(end.why()));
                                      if (end.failed()) return respond(http::problem(end.error()));
                                      respond(accepted(id));
                                    });
}

}  // namespace

std::vector<http::route> order_routes(evoke::runtime& served) {
  return {{http::method::post, "/orders",
           [&served](http::request const& request, http::responder respond) { order_something(served, request, std::move(respond)); },
           "Orders something: starts its fulfilment"}};
}

}  // namespace orders
