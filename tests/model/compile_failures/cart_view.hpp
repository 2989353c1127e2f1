#pragma once

#include "cart.hpp"

#include <evoke/projection.hpp>

#include <string>
#include <vector>

/// The cart's domain, complete, and a read model that is complete but for what each file here leaves out.
namespace shop {

struct line_removed {};
BOOST_DESCRIBE_STRUCT(line_removed, (), ())

inline evoke::decision<line_added, line_removed> decide(cart const&, add_line const& command, evoke::context const&) {
  return line_added{command.product};
}
inline void evolve(cart& state, line_added const&) {
  ++state.lines;
}
inline void evolve(cart& state, line_removed const&) {
  --state.lines;
}
constexpr auto describe(evoke::type<cart>) {
  return evoke::aggregate<cart>("cart").command<add_line>("add_line").event<line_added>("line_added").event<line_removed>("line_removed");
}

struct cart_view {
  int lines = 0;
  std::vector<std::string> products;
  int hidden = 0;
  int count() const { return lines; }
};
BOOST_DESCRIBE_STRUCT(cart_view, (), (lines, products))

}  // namespace shop
