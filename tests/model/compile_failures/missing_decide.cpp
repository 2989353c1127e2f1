// expect: shop::add_line
// expect: no decide[(][)] was found for this state and this command
// expect: Remedy: write `evoke::decision<the_events[.][.][.]> decide[(]the_state const&, the_command const&, evoke::context const&[)]`
#include "cart.hpp"

namespace shop {

void evolve(cart& state, line_added const&) {
  ++state.lines;
}
constexpr auto describe(evoke::type<cart>) {
  return evoke::aggregate<cart>("cart").command<add_line>("add_line").event<line_added>("line_added");
}

}  // namespace shop

auto const definition = evoke::define<shop::cart>();
