// expect: shop::line_added
// expect: project[(][)] for this event must return void
// expect: shop::line_removed
// expect: this event is ignored, but there is a project[(][)] for it. Remedy: remove [.]ignore<the_event>
// expect: shop::line_painted
// expect: this ignored event is not one of the aggregates that the projection follows. Remedy: remove [.]ignore<the_event>
// expect: this event is ignored twice. Remedy: remove one
#include "cart_view.hpp"

namespace shop {

struct line_painted {};

evoke::result<void> project(evoke::view<cart_view>&, line_added const&) {
  return {};
}
void project(evoke::view<cart_view>&, line_removed const&) {}
constexpr auto describe(evoke::type<cart_view>) {
  return evoke::projection<cart_view>("carts", 1).from<cart>().ignore<line_removed>().ignore<line_painted>();
}
auto const twice = evoke::projection<cart_view>("carts", 1).ignore<line_removed>().ignore<line_removed>();

}  // namespace shop

auto const definition = evoke::define_projection<shop::cart_view>();
