// expect: shop::line_removed
// expect: no project[(][)] was found for this document and this event
// expect: Remedy: write `void project[(]evoke::view<the_document>&, the_event const&[)]`
// expect: or add [.]ignore<the_event>
#include "cart_view.hpp"

namespace shop {

void project(evoke::view<cart_view>& view, line_added const&) {
  ++view.document().lines;
}
constexpr auto describe(evoke::type<cart_view>) {
  return evoke::projection<cart_view>("carts", 1).from<cart>();
}

}  // namespace shop

auto const definition = evoke::define_projection<shop::cart_view>();
