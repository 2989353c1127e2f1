#pragma once

#include <evoke/evoke.hpp>

#include <atomic>
#include <boost/describe.hpp>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>

#include "tests/runtime/ledger.hpp"

/// Read models of ledgers, one plain, one that can be held up, one with free keys.
namespace ledgers {

/// What the tests let projections do. All of it is off at first.
struct mischief {
  std::atomic<std::int64_t> poison{0};      ///< booking this amount throws; 0 = none
  std::atomic<bool> hold{false};            ///< slow_ledger waits while it is set
  std::atomic<std::int64_t> late_total{0};  ///< events seen by slow_ledger
};
inline mischief& doing() {
  static mischief all;
  return all;
}

/// Booking this amount removes the document.
inline constexpr std::int64_t kClosing = 7'777;

/// The amount that the tests poison.
inline constexpr std::int64_t kPoison = 13;

struct ledger_view {
  std::string owner;
  std::int64_t sum = 0;
  std::int64_t bookings = 0;
  std::optional<evoke::timestamp> last{};
};
BOOST_DESCRIBE_STRUCT(ledger_view, (), (owner, sum, bookings, last))

inline void project(evoke::view<ledger_view>& view, ledger_opened const& event) {
  view.document().owner = event.owner;
}
inline void project(evoke::view<ledger_view>& view, booked const& event) {
  if (auto const poison = doing().poison.load(); poison != 0 && event.amount == poison) throw std::runtime_error("poisoned");
  if (event.amount == kClosing) return view.remove();
  auto& document = view.document();
  document.sum += event.amount;
  ++document.bookings;
  document.last = view.event().time;
}

constexpr auto describe(evoke::type<ledger_view>) {
  return evoke::projection<ledger_view>("ledgers", 1)
      .from<ledger>()
      .index<&ledger_view::owner, &ledger_view::sum>("owner_sum")
      .index<&ledger_view::last>("last");
}

struct slow_ledger {
  std::int64_t bookings = 0;
};
BOOST_DESCRIBE_STRUCT(slow_ledger, (), (bookings))

inline void project(evoke::view<slow_ledger>& view, ledger_opened const&) {
  view.document().bookings = 0;
}
inline void project(evoke::view<slow_ledger>& view, booked const&) {
  doing().hold.wait(true);
  ++view.document().bookings;
  ++doing().late_total;
}

constexpr auto describe(evoke::type<slow_ledger>) {
  return evoke::projection<slow_ledger>("slow", 1).from<ledger>();
}

struct owner_total {
  std::int64_t ledgers = 0;
};
BOOST_DESCRIBE_STRUCT(owner_total, (), (ledgers))

inline void project(evoke::view<owner_total>& view, ledger_opened const& event) {
  if (event.owner == "nobody") throw std::runtime_error("nobody owns this");
  ++view.put(event.owner).ledgers;
}

constexpr auto describe(evoke::type<owner_total>) {
  return evoke::projection<owner_total>("owners", 1).from<ledger>().ignore<booked>().free_keys();
}

inline evoke::registry types_with_views() {
  auto made = types();
  static_cast<void>(made.add(evoke::define_projection<ledger_view>()));
  static_cast<void>(made.add(evoke::define_projection<slow_ledger>()));
  static_cast<void>(made.add(evoke::define_projection<owner_total>()));
  return made;
}

}  // namespace ledgers
