// expect: shop::cart_view
// expect: no describe[(][)] of a projection was found for this document. Remedy: write `constexpr auto describe
#include "cart_view.hpp"

auto const definition = evoke::define_projection<shop::cart_view>();
