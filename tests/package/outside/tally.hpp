#pragma once

#include <evoke/evoke.hpp>

#include <boost/describe.hpp>

#include <cstdint>

/// A counter that never goes below zero: the smallest aggregate with a rule.
struct tally {
  std::int64_t count = 0;
};
BOOST_DESCRIBE_STRUCT(tally, (), (count))

struct change_tally {
  std::int64_t by = 0;
};
BOOST_DESCRIBE_STRUCT(change_tally, (), (by))

struct tally_changed {
  std::int64_t by = 0;
};
BOOST_DESCRIBE_STRUCT(tally_changed, (), (by))

inline evoke::decision<tally_changed> decide(tally const& now, change_tally const& asked, evoke::context const&) {
  if (asked.by == 0) return evoke::nothing;
  if (now.count + asked.by < 0) return evoke::rejection::conflict("below_zero", "a tally never goes below zero");
  return tally_changed{asked.by};
}

inline void evolve(tally& now, tally_changed const& happened) {
  now.count += happened.by;
}

constexpr auto describe(evoke::type<tally>) {
  return evoke::aggregate<tally>("tally").command<change_tally>("change_tally").event<tally_changed>("tally_changed");
}
