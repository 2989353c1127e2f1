#pragma once

#include <evoke/aggregate.hpp>

#include <boost/describe.hpp>

#include <string>

/// A domain that is complete but for what each file here leaves out.
namespace shop {

struct cart {
  int lines = 0;
};
struct add_line {
  std::string product;
};
struct line_added {
  std::string product;
};
BOOST_DESCRIBE_STRUCT(cart, (), (lines))
BOOST_DESCRIBE_STRUCT(add_line, (), (product))
BOOST_DESCRIBE_STRUCT(line_added, (), (product))

}  // namespace shop
