#pragma once

#include <evoke/evoke.hpp>

#include <boost/describe.hpp>

#include <string>

/// A domain to begin with: something that has a title and can be closed. Replace it by yours, part by part.
namespace placeholder_domain {

// ---- what can be asked

struct create_placeholder {
  std::string title;
};
struct rename_placeholder {
  std::string title;
};
struct close_placeholder {};

// ---- what can happen

struct placeholder_created {
  std::string title;
};
struct placeholder_renamed {
  std::string title;
};
struct placeholder_closed {
  evoke::timestamp closed_at{};
};

// ---- what it is

enum class placeholder_status { open, closed };

struct placeholder {
  std::string title;
  placeholder_status status = placeholder_status::open;
};

// ---- the rules (rules.cpp)

evoke::decision<placeholder_created> decide(placeholder const&, create_placeholder const&, evoke::context const&);
evoke::decision<placeholder_renamed> decide(placeholder const&, rename_placeholder const&, evoke::context const&);
evoke::decision<placeholder_closed> decide(placeholder const&, close_placeholder const&, evoke::context const&);

void evolve(placeholder&, placeholder_created const&);
void evolve(placeholder&, placeholder_renamed const&);
void evolve(placeholder&, placeholder_closed const&);

// ---- their names to the outside, for ever

BOOST_DESCRIBE_STRUCT(create_placeholder, (), (title))
BOOST_DESCRIBE_STRUCT(rename_placeholder, (), (title))
BOOST_DESCRIBE_STRUCT(close_placeholder, (), ())
BOOST_DESCRIBE_STRUCT(placeholder_created, (), (title))
BOOST_DESCRIBE_STRUCT(placeholder_renamed, (), (title))
BOOST_DESCRIBE_STRUCT(placeholder_closed, (), (closed_at))
BOOST_DESCRIBE_ENUM(placeholder_status, open, closed)
BOOST_DESCRIBE_STRUCT(placeholder, (), (title, status))

constexpr auto describe(evoke::type<placeholder>) {
  return evoke::aggregate<placeholder>("placeholder")
      .command<create_placeholder>("create_placeholder")
      .command<rename_placeholder>("rename_placeholder")
      .command<close_placeholder>("close_placeholder")
      .event<placeholder_created>("placeholder_created")
      .event<placeholder_renamed>("placeholder_renamed")
      .event<placeholder_closed>("placeholder_closed")
      .snapshot_every(100);
}

}  // namespace placeholder_domain
