#pragma once

#include <evoke/http/server.hpp>

#include <vector>

namespace catalog {

/// The routes that clients of the catalog know, beside the generic API. Prices are JSON numbers with at most two decimals:
///
///     POST /api/products                    {productId, name, price, quantity}  201 {"productId"}; 409 there is one already, 422 a rule
///     PUT  /api/products/{productId}/price  {newPrice}  200 {"productId"}; 404 unknown, 422 a rule
///     GET  /api/products/{productId}        200 {"productId","name","currentPrice","quantityOnHand","lastUpdated"}; 404 unknown
///     GET  /api/products                    200 an array of these, by id; ?limit=N and the Link header lead from page to page
///
/// Both GETs need the projection `product_summaries`, and show whatever was acknowledged before they were asked.
///
/// @param served must outlive the server that answers these routes.
[[nodiscard]] std::vector<evoke::http::route> product_routes(evoke::runtime& served);

}  // namespace catalog
