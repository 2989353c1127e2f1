// expect: timers are stored with an event, and this decision never has one
// expect: Remedy: name the event that says why
#include "cart.hpp"

namespace shop {

evoke::decision<> decide(cart const&, add_line const&, evoke::context const& given) {
  evoke::decision<> made;
  made.set_timer("later", given.now(), "add_line");
  return made;
}
constexpr auto describe(evoke::type<cart>) {
  return evoke::aggregate<cart>("cart").command<add_line>("add_line");
}

}  // namespace shop

auto const definition = evoke::define<shop::cart>();
