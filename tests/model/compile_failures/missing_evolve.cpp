// expect: shop::line_added
// expect: no evolve[(][)] was found for this state and this event
// expect: Remedy: write `void evolve[(]the_state&, the_event const&[)]`
#include "cart.hpp"

namespace shop {

evoke::decision<line_added> decide(cart const&, add_line const& command, evoke::context const&) {
  return line_added{command.product};
}
constexpr auto describe(evoke::type<cart>) {
  return evoke::aggregate<cart>("cart").command<add_line>("add_line").event<line_added>("line_added");
}

}  // namespace shop

auto const definition = evoke::define<shop::cart>();
