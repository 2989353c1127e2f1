#pragma once

#include <evoke/http/server.hpp>

#include <vector>

namespace orders {

/// The route that clients of the shop know, beside the generic API. Prices are JSON numbers with at most two decimals:
///
///     POST /orders  {customerId, items[{productId, quantity, price}], shippingAddress, currency?, customerName?, customerEmail?}
///                   202 {"orderId"} and in Location where the fulfilment can be watched; 422 a rule
///
/// Reading is generic: `/v1/views/order_summaries`, and `/v1/events?event_type=order_placed` for all events of a type, in order.
///
/// @param served must outlive the server that answers these routes.
[[nodiscard]] std::vector<evoke::http::route> order_routes(evoke::runtime& served);

}  // namespace orders
