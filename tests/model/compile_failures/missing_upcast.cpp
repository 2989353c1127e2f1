// expect: shop::line_added_v1
// expect: no upcast[(][)] was found for this former event
// expect: Remedy: write .the_next_event upcast
#include "cart.hpp"

namespace shop {

struct line_added_v1 {};
BOOST_DESCRIBE_STRUCT(line_added_v1, (), ())

void evolve(cart& state, line_added const&) {
  ++state.lines;
}
constexpr auto describe(evoke::type<cart>) {
  return evoke::aggregate<cart>("cart").event<line_added>("line_added", 2).former<line_added_v1>("line_added", 1);
}

}  // namespace shop

auto const definition = evoke::define<shop::cart>();
