#pragma once

#include "circle.hpp"

#include <cstdint>
#include <string>

/// The read model `circles`: all circles, to be listed and looked up by what they are called and how many they take.
namespace circles {

struct circle_view {
  std::string id;
  std::string name;
  std::int16_t capacity = 0;
  evoke::version version{};  ///< of the aggregate: what an update must name
};

// (circle_view.cpp)

void project(evoke::view<circle_view>&, circle_created const&);
void project(evoke::view<circle_view>&, circle_updated const&);

BOOST_DESCRIBE_STRUCT(circle_view, (), (id, name, capacity, version))

constexpr auto describe(evoke::type<circle_view>) {
  return evoke::projection<circle_view>("circles", 1)
      .from<circle>()
      .index<&circle_view::name>("name")
      .index<&circle_view::capacity>("capacity");
}

}  // namespace circles
