#include "product_routes.hpp"

#include "money/amount.hpp"
#include "product.hpp"
#include "product_view.hpp"

#include <evoke/http/responses.hpp>

#include <string>

namespace catalog {
namespace {

namespace http = evoke::http;

// The JSON of the routes: its names are camelCase, its prices have decimals.

struct create_request {
  std::string productId;
  std::string name;
  money::amount price;
  std::int64_t quantity = 0;
};
BOOST_DESCRIBE_STRUCT(create_request, (), (productId, name, price, quantity))

struct price_request {
  money::amount newPrice;
};
BOOST_DESCRIBE_STRUCT(price_request, (), (newPrice))

struct id_reply {
  std::string productId;
};
BOOST_DESCRIBE_STRUCT(id_reply, (), (productId))

struct product_reply {
  std::string productId;
  std::string name;
  money::amount currentPrice;
  std::int64_t quantityOnHand = 0;
  evoke::timestamp lastUpdated{};
};
BOOST_DESCRIBE_STRUCT(product_reply, (), (productId, name, currentPrice, quantityOnHand, lastUpdated))

evoke::result<std::string> shown(std::string const& document) {
  auto product = evoke::json::decode<product_summary>(document);
  if (!product) return std::unexpected(product.error());
  return evoke::json::encode(
      product_reply{product->productId, product->name, {product->currentPrice}, product->quantityOnHand, product->lastUpdated});
}

/// As one segment of a path.
std::string percent_encoded(std::string const& id) {
  constexpr std::string_view plain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string made;
  for (char const c : id) {
    auto const byte = static_cast<unsigned char>(c);
    if (plain.find(c) != std::string_view::npos) {
      made += c;
    } else {
      made.append({'%', digits[byte >> 4U], digits[byte & 0x0FU]});
    }
  }
  return made;
}

/// Answers with the product's id, or with what kept the command from being accepted.
evoke::callback<evoke::command_result> answer_with_id(std::uint16_t status, std::string id, http::responder respond) {
  return [status, id = std::move(id), respond = std::move(respond)](evoke::command_result const& end) mutable {
    if (end.rejected()) return respond(http::problem(end.why()));
    if (end.failed()) return respond(http::problem(end.error()));
    auto reply = http::json_response(status, id_reply{id});
    if (status == 201) reply.headers.emplace_back("Location", "/api/products/" + percent_encoded(id));
    respond(std::move(reply));
  };
}

void create(evoke::runtime& served, http::request const& request, http::responder respond) {
  auto wanted = evoke::json::decode<create_request>(request.body());
  if (!wanted) return respond(http::problem(wanted.error()));
  auto const id = wanted->productId;
  served.of<product>(id).execute(create_product{std::move(wanted->name), wanted->price.minor_units, wanted->quantity},
                                 answer_with_id(201, id, std::move(respond)));
}

void update_price(evoke::runtime& served, http::request const& request, http::responder respond) {
  auto const wanted = evoke::json::decode<price_request>(request.body());
  if (!wanted) return respond(http::problem(wanted.error()));
  std::string const id(request.param("productId"));
  served.of<product>(id).execute(update_product_price{wanted->newPrice.minor_units}, answer_with_id(200, id, std::move(respond)));
}

/// These clients know no tokens: whatever was acknowledged before they asked is waited for, and if that takes too long they get what there
/// is.
evoke::read_after own_writes(evoke::runtime const& served) {
  return {.at = served.info().head, .accept_stale = true};
}

void show(evoke::runtime& served, http::request const& request, http::responder respond) {
  evoke::document_request wanted{.projection = "product_summaries", .key = std::string(request.param("productId"))};
  wanted.after = own_writes(served);
  served.find(std::move(wanted), [respond = std::move(respond)](evoke::result<evoke::document_reply> found) mutable {
    if (!found && found.error().code == evoke::errc::not_found) {
      return respond(http::problem(evoke::rejection::not_found("product_not_found", "There is no such product")));
    }
    if (!found) return respond(http::problem(found.error()));
    auto text = shown(found->json);
    respond(text ? http::response{.status = 200, .body = std::move(*text)} : http::problem(text.error()));
  });
}

void list(evoke::runtime& served, http::request const& request, http::responder respond) {
  auto const limit = http::page_limit(request);
  if (!limit) return respond(http::problem(limit.error()));
  evoke::view_query wanted;
  wanted.projection = "product_summaries";
  wanted.limit = *limit;
  wanted.cursor = std::string(request.query("cursor"));
  wanted.after = own_writes(served);
  served.query(std::move(wanted), [sent = std::string(request.query("limit")),
                                   respond = std::move(respond)](evoke::result<evoke::view_page> const& page) mutable {
    respond(http::array_response(page, "/api/products", sent, shown));
  });
}

}  // namespace

std::vector<http::route> product_routes(evoke::runtime& served) {
  auto const with = [&served](auto handle) {
    return [&served, handle](http::request const& request, http::responder respond) { handle(served, request, std::move(respond)); };
  };
  return {
      {http::method::post, "/api/products", with(create), "Creates a product"},
      {http::method::get, "/api/products", with(list), "All products, page by page"},
      {http::method::get, "/api/products/{productId}", with(show), "A product"},
      {http::method::put, "/api/products/{productId}/price", with(update_price), "Changes a product's price"},
  };
}

}  // namespace catalog
