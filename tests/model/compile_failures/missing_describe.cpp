// expect: shop::cart
// expect: no describe[(][)] was found for this state
// expect: Remedy: write `constexpr auto describe[(]evoke::type<the_state>[)]
#include "cart.hpp"

auto const definition = evoke::define<shop::cart>();
