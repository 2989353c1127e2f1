#pragma once

#include "tests/runtime/ledger.hpp"

#include <evoke/evoke.hpp>

#include <boost/describe.hpp>
#include <cstdint>
#include <optional>
#include <string>

/// A read model of ledgers with everything a query can be asked for: documents that go again, several indexes, a field that may be absent,
/// and one that is called like a query parameter.
namespace holdings {

struct holding {
  std::string owner;
  std::int64_t sum = 0;
  std::optional<std::int64_t> last;
  std::int64_t limit = 100;
};
BOOST_DESCRIBE_STRUCT(holding, (), (owner, sum, last, limit))

inline void project(evoke::view<holding>& view, ledgers::ledger_opened const& event) {
  view.document().owner = event.owner;
}
/// A ledger that falls to zero holds nothing.
inline void project(evoke::view<holding>& view, ledgers::booked const& event) {
  auto& now = view.document();
  now.sum += event.amount;
  now.last = event.amount;
  if (now.sum == 0) view.remove();
}

constexpr auto describe(evoke::type<holding>) {
  return evoke::projection<holding>("holdings", 1)
      .from<ledgers::ledger>()
      .index<&holding::owner>("owner")
      .index<&holding::owner, &holding::sum>("owner_sum")
      .index<&holding::last, &holding::sum>("last_sum")
      .index<&holding::limit>("limit");
}

}  // namespace holdings
