#include "server/domains.hpp"

#include "carts/cart.hpp"
#include "carts/cart_view.hpp"
#include "catalog/product.hpp"
#include "catalog/product_routes.hpp"
#include "catalog/product_view.hpp"
#include "circles/circle.hpp"
#include "circles/circle_routes.hpp"
#include "circles/circle_view.hpp"
#include "orders/fulfilment.hpp"
#include "orders/order.hpp"
#include "orders/order_fulfilment.hpp"
#include "orders/order_routes.hpp"
#include "orders/order_view.hpp"
#include "orders/payment.hpp"
#include "orders/stock.hpp"
#include "users/identity_claim.hpp"
#include "users/register_route.hpp"
#include "users/registrar.hpp"
#include "users/registration.hpp"
#include "users/registration_audit.hpp"
#include "users/user.hpp"
#include "users/user_registration.hpp"
#include "users/user_view.hpp"

namespace server {

evoke::result<evoke::registry> domain_types() {
  evoke::registry types;
  for (auto const& each : {evoke::define<carts::cart>(), evoke::define<catalog::product>(), evoke::define<circles::circle>(),
                           evoke::define<orders::fulfilment>(), evoke::define<orders::order>(), evoke::define<orders::payment>(),
                           evoke::define<orders::stock>(), evoke::define<users::identity_claim>(), evoke::define<users::user>(),
                           evoke::define<users::registration>(), evoke::define<users::user_registration_audit>()}) {
    if (auto added = types.add(each); !added) return std::unexpected(added.error());
  }
  for (auto const& each : {evoke::define_projection<carts::cart_view>(), evoke::define_projection<catalog::product_summary>(),
                           evoke::define_projection<circles::circle_view>(), evoke::define_projection<orders::order_summary>(),
                           evoke::define_projection<users::user_view>()}) {
    if (auto added = types.add(each); !added) return std::unexpected(added.error());
  }
  for (auto const& each : {evoke::define_process<orders::order_fulfilment>(), evoke::define_process<users::user_registration>()}) {
    if (auto added = types.add(each); !added) return std::unexpected(added.error());
  }
  return types;
}

std::vector<evoke::http::route> domain_routes(evoke::runtime& served, users::identification& people) {
  std::vector<evoke::http::route> all;
  for (auto& each : {catalog::product_routes(served), circles::circle_routes(served, EVOKE_VERSION), orders::order_routes(served),
                     users::register_routes(people, users::make_registrar(served))}) {
    all.insert(all.end(), each.begin(), each.end());
  }
  return all;
}

}  // namespace server
