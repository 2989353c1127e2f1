#include "server/domains.hpp"

#include "carts/cart.hpp"
#include "carts/cart_view.hpp"
#include "catalog/product.hpp"
#include "catalog/product_routes.hpp"
#include "catalog/product_view.hpp"
#include "circles/circle.hpp"
#include "circles/circle_routes.hpp"
#include "circles/circle_view.hpp"

namespace server {

evoke::result<evoke::registry> domain_types() {
  evoke::registry types;
  for (auto const& each : {evoke::define<carts::cart>(), evoke::define<catalog::product>(), evoke::define<circles::circle>()}) {
    if (auto added = types.add(each); !added) return std::unexpected(added.error());
  }
  for (auto const& each : {evoke::define_projection<carts::cart_view>(), evoke::define_projection<catalog::product_summary>(),
                           evoke::define_projection<circles::circle_view>()}) {
    if (auto added = types.add(each); !added) return std::unexpected(added.error());
  }
  return types;
}

std::vector<evoke::http::route> domain_routes(evoke::runtime& served) {
  std::vector<evoke::http::route> all;
  for (auto& each : {catalog::product_routes(served), circles::circle_routes(served, EVOKE_VERSION)}) {
    all.insert(all.end(), each.begin(), each.end());
  }
  return all;
}

}  // namespace server
