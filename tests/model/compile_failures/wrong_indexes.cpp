// expect: an index cannot sort by a member of this type. Remedy: index bool, integers
// expect: this member of the document is not described, so the index's field has no name. Remedy: add it to BOOST_DESCRIBE_STRUCT
// expect: this is not a data member of the document. Remedy: write [.]index<&the_document::field>
// expect: this index has no fields
#include "cart_view.hpp"

namespace shop {

void project(evoke::view<cart_view>&, line_added const&) {}
void project(evoke::view<cart_view>&, line_removed const&) {}
constexpr auto describe(evoke::type<cart_view>) {
  return evoke::projection<cart_view>("carts", 1)
      .from<cart>()
      .index<&cart_view::products>("products")
      .index<&cart_view::hidden>("hidden")
      .index<&cart_view::count>("count")
      .index<&line_added::product>("product")
      .index<7>("seven");
}
auto const empty = evoke::projection<cart_view>("carts", 1).index<>("empty");

}  // namespace shop

auto const definition = evoke::define_projection<shop::cart_view>();
