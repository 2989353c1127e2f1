#include "order_view.hpp"

namespace orders {
namespace {

using view = evoke::view<order_summary>;

void enter(view& given, order_status status) {
  // An order that was withdrawn before it was placed has nothing to show.
  if (given.find() == nullptr) return;
  auto& order = given.document();
  order.status = status;
  order.lastUpdated = given.event().time;
}

}  // namespace

void project(view& given, order_placed const& event) {
  auto& order = given.document();
  order.orderId = given.key();
  order.customerId = event.customer_id;
  order.customerName = event.customer_name;
  order.customerEmail = event.customer_email;
  order.orderDate = given.event().time;
  order.status = order_status::PLACED;
  order.totalAmount = event.total_amount;
  order.itemCount = count_of(event.items);
  order.lastUpdated = given.event().time;
}

void project(view& given, order_confirmed const&) {
  enter(given, order_status::CONFIRMED);
}

void project(view& given, order_shipped const&) {
  enter(given, order_status::SHIPPED);
}

void project(view& given, order_cancelled const&) {
  enter(given, order_status::CANCELLED);
}

}  // namespace orders
