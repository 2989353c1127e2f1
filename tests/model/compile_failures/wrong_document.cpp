// expect: shop::row
// expect: a document is made empty and then filled by project[(][)] or from JSON. Remedy: give its members default values
// expect: this projection does not follow this aggregate. Remedy: add [.]from<the_state>
#include "cart_view.hpp"

#include <evoke/testing_projection.hpp>

namespace shop {

struct row {
  explicit row(int given) : lines(given) {}
  int lines;
};
BOOST_DESCRIBE_STRUCT(row, (), (lines))
constexpr auto describe(evoke::type<row>) {
  return evoke::projection<row>("rows", 1);
}

struct unrelated {};
void project(evoke::view<cart_view>&, line_added const&) {}
void project(evoke::view<cart_view>&, line_removed const&) {}
constexpr auto describe(evoke::type<cart_view>) {
  return evoke::projection<cart_view>("carts", 1).from<cart>();
}

}  // namespace shop

auto const definition = evoke::define_projection<shop::row>();
auto const scenario = evoke::testing::projected<shop::cart_view>().from<shop::unrelated>("c-1");
