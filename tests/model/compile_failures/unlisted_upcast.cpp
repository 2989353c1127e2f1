// expect: shop::line_added_v1
// expect: makes an event that the aggregate does not list
// expect: Remedy: add .event<the_event>
#include "cart.hpp"

namespace shop {

struct line_added_v1 {};
struct line_noted {};
BOOST_DESCRIBE_STRUCT(line_added_v1, (), ())
BOOST_DESCRIBE_STRUCT(line_noted, (), ())

evoke::parts<line_added, line_noted> upcast(line_added_v1 const&) {
  return line_noted{};
}
void evolve(cart& state, line_added const&) {
  ++state.lines;
}
constexpr auto describe(evoke::type<cart>) {
  return evoke::aggregate<cart>("cart").event<line_added>("line_added", 2).former<line_added_v1>("line_added", 1);
}

}  // namespace shop

auto const definition = evoke::define<shop::cart>();
