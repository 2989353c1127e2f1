// expect: shop::line_added
// expect: decide[(][)] can return this event, but it has no name
// expect: Remedy: add [.]event<the_event>
#include "cart.hpp"

namespace shop {

evoke::decision<line_added> decide(cart const&, add_line const& command, evoke::context const&) {
  return line_added{command.product};
}
void evolve(cart& state, line_added const&) {
  ++state.lines;
}
constexpr auto describe(evoke::type<cart>) {
  return evoke::aggregate<cart>("cart").command<add_line>("add_line");
}

}  // namespace shop

auto const definition = evoke::define<shop::cart>();
