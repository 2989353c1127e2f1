// expect: shop::no_aggregate
// expect: no describe[(][)] of one was found for this source. Remedy: name in [.]from<>[(][)] the state of an aggregate
// expect: shop::follows_nothing
// expect: this projection follows nothing. Remedy: add [.]from<the_state>
// expect: this source is listed twice. Remedy: remove one [.]from
#include "cart_view.hpp"

namespace shop {

struct no_aggregate {};
struct follows_nothing {};
BOOST_DESCRIBE_STRUCT(follows_nothing, (), ())

void project(evoke::view<cart_view>&, line_added const&) {}
void project(evoke::view<cart_view>&, line_removed const&) {}
constexpr auto describe(evoke::type<cart_view>) {
  return evoke::projection<cart_view>("carts", 1).from<cart>().from<no_aggregate>();
}
constexpr auto describe(evoke::type<follows_nothing>) {
  return evoke::projection<follows_nothing>("nothing", 1);
}
auto const twice = evoke::projection<cart_view>("carts", 1).from<cart>().from<cart>();

}  // namespace shop

auto const definition = evoke::define_projection<shop::cart_view>();
auto const other = evoke::define_projection<shop::follows_nothing>();
