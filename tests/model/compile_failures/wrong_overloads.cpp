// expect: shop::line_added
// expect: evolve[(][)] for this event does not change the state in place
// expect: shop::add_line
// expect: decide[(][)] for this command must return evoke::decision
// expect: shop::remove_line
// expect: this is not a command of this state. Remedy: add [.]command<the_command>
#include "cart.hpp"

namespace shop {

line_added decide(cart const&, add_line const& command, evoke::context const&) {
  return line_added{command.product};
}
void evolve(cart state, line_added const&) {
  ++state.lines;
}
constexpr auto describe(evoke::type<cart>) {
  return evoke::aggregate<cart>("cart").command<add_line>("add_line").event<line_added>("line_added");
}
struct remove_line {};

}  // namespace shop

auto const definition = evoke::define<shop::cart>();
auto const command = evoke::box_command<shop::cart>(shop::remove_line{});
