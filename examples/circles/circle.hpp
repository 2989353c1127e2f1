#pragma once

#include <evoke/evoke.hpp>

#include <boost/describe.hpp>

#include <cstdint>
#include <optional>
#include <string>

/// A university's clubs: each has a name and room for a number of members.
namespace circles {

// ---- what can be asked

struct create_circle {
  std::string circle_name;
  std::int16_t capacity = 0;
};
struct update_circle {
  std::optional<std::string> circle_name;  ///< absent = as it is
  std::optional<std::int16_t> capacity;    ///< absent = as it is
};

// ---- what can happen

struct circle_created {
  std::string name;
  std::int16_t capacity = 0;
};
/// Holds what changed and nothing else.
struct circle_updated {
  std::optional<std::string> name;
  std::optional<std::int16_t> capacity;
};

// ---- what a circle is

struct circle {
  std::string name;
  std::int16_t capacity = 0;
};

inline constexpr std::int16_t min_capacity = 3;

// ---- the rules (rules.cpp)

evoke::decision<circle_created> decide(circle const&, create_circle const&, evoke::context const&);
evoke::decision<circle_updated> decide(circle const&, update_circle const&, evoke::context const&);

void evolve(circle&, circle_created const&);
void evolve(circle&, circle_updated const&);

// ---- their names to the outside, for ever

BOOST_DESCRIBE_STRUCT(create_circle, (), (circle_name, capacity))
BOOST_DESCRIBE_STRUCT(update_circle, (), (circle_name, capacity))
BOOST_DESCRIBE_STRUCT(circle_created, (), (name, capacity))
BOOST_DESCRIBE_STRUCT(circle_updated, (), (name, capacity))
BOOST_DESCRIBE_STRUCT(circle, (), (name, capacity))

constexpr auto describe(evoke::type<circle>) {
  return evoke::aggregate<circle>("circle")
      .command<create_circle>("create_circle")
      .command<update_circle>("update_circle")
      .event<circle_created>("circle_created")
      .event<circle_updated>("circle_updated")
      .snapshot_every(5);
}

}  // namespace circles
