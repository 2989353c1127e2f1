#pragma once

#include <evoke/evoke.hpp>

#include <boost/describe.hpp>
#include <cstdint>
#include <stdexcept>
#include <string>

/// A small aggregate that exercises the whole runtime: a ledger with a sum.
namespace ledgers {

struct open_ledger {
  std::string owner;
};
BOOST_DESCRIBE_STRUCT(open_ledger, (), (owner))
struct book {
  std::int64_t amount = 0;
  std::int64_t times = 1;
};
BOOST_DESCRIBE_STRUCT(book, (), (amount, times))
struct misbehave {
  std::string how;
};
BOOST_DESCRIBE_STRUCT(misbehave, (), (how))

struct ledger_opened {
  std::string owner;
};
BOOST_DESCRIBE_STRUCT(ledger_opened, (), (owner))
struct booked {
  std::int64_t amount = 0;
};
BOOST_DESCRIBE_STRUCT(booked, (), (amount))

struct ledger {
  std::string owner;
  std::int64_t sum = 0;
};
BOOST_DESCRIBE_STRUCT(ledger, (), (owner, sum))

inline evoke::decision<ledger_opened> decide(ledger const&, open_ledger const& command, evoke::context const& given) {
  if (given.exists()) return evoke::rejection::conflict("ledger_exists", "This ledger is open already");
  return ledger_opened{command.owner};
}

inline evoke::decision<booked> decide(ledger const& now, book const& command, evoke::context const& given) {
  if (!given.exists()) return evoke::rejection::not_found("ledger_not_found", "There is no such ledger");
  if (command.amount == 0) return evoke::nothing;
  if (now.sum + command.amount < 0) return evoke::rejection::invalid("overdrawn", "A ledger cannot go below zero");
  evoke::decision<booked> decision;
  for (std::int64_t i = 0; i < command.times; ++i) decision.add(booked{command.amount});
  return decision;
}

inline evoke::decision<booked> decide(ledger const&, misbehave const& command, evoke::context const&) {
  if (command.how == "decide") throw std::runtime_error("as asked");
  return booked{666};
}

inline void evolve(ledger& now, ledger_opened const& event) {
  now.owner = event.owner;
}
inline void evolve(ledger& now, booked const& event) {
  if (event.amount == 666) throw std::runtime_error("as asked");
  now.sum += event.amount;
}

inline auto describe(evoke::type<ledger>) {
  return evoke::aggregate<ledger>("ledger")
      .command<open_ledger>("open_ledger")
      .command<book>("book")
      .command<misbehave>("misbehave")
      .event<ledger_opened>("ledger_opened")
      .event<booked>("booked")
      .snapshot_every(10);
}

inline evoke::registry types() {
  evoke::registry made;
  static_cast<void>(made.add(evoke::define<ledger>()));
  return made;
}

}  // namespace ledgers
