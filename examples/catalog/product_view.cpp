#include "product_view.hpp"

namespace catalog {
namespace {

/// The document to change, its time already that of the event.
product_summary& touched(evoke::view<product_summary>& view) {
  auto& product = view.document();
  product.lastUpdated = view.event().time;
  return product;
}

}  // namespace

void project(evoke::view<product_summary>& view, product_created const& event) {
  auto& product = touched(view);
  product.productId = view.key();
  product.name = event.name;
  product.currentPrice = event.price;
  product.quantityOnHand = event.quantity;
}

void project(evoke::view<product_summary>& view, product_price_updated const& event) {
  touched(view).currentPrice = event.new_price;
}

void project(evoke::view<product_summary>& view, product_quantity_adjusted const& event) {
  touched(view).quantityOnHand += event.delta;
}

}  // namespace catalog
