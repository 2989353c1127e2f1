#pragma once

#include <catch2/catch.hpp>
#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "tests/runtime/runtimes.hpp"

namespace evoke::tests {

inline constexpr std::chrono::seconds patience{30};

inline subscription subscribe(runtime& rt, subscription_request request = {}) {
  auto made = rt.subscribe(std::move(request));
  if (!made) FAIL(made.error().message);
  return std::move(*made);
}

/// The next batch with events in it.
inline subscription_batch next(subscription& from, std::chrono::milliseconds wait = patience) {
  auto batch = from.next(wait).get();
  if (!batch) FAIL(batch.error().message);
  return std::move(*batch);
}

/// Takes batches until `count` events have come. @returns their positions
inline std::vector<std::uint64_t> take(subscription& from, std::size_t count) {
  std::vector<std::uint64_t> positions;
  auto const until = std::chrono::steady_clock::now() + patience;
  while (positions.size() < count) {
    if (std::chrono::steady_clock::now() > until) FAIL("only " << positions.size() << " of " << count << " events came");
    for (auto const& event : next(from, std::chrono::milliseconds(100)).events) positions.push_back(event.position.value());
  }
  return positions;
}

inline std::vector<std::uint64_t> positions(std::uint64_t from, std::uint64_t to) {
  std::vector<std::uint64_t> made;
  for (; from <= to; ++from) made.push_back(from);
  return made;
}

inline void open(runtime& rt, std::string id) {
  auto const end = rt.of<ledgers::ledger>(std::move(id)).execute(ledgers::open_ledger{"ann"}).get();
  REQUIRE(end.accepted());
}
inline void book(runtime& rt, std::string id, std::int64_t times = 1) {
  auto const end = rt.of<ledgers::ledger>(std::move(id)).execute(ledgers::book{1, times}).get();
  REQUIRE(end.accepted());
}

}  // namespace evoke::tests
