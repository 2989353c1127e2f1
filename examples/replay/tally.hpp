#pragma once

#include "replay/orders.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace replay {

/// What became of the file's lines and invoices. Every order line is counted in exactly one of `accepted`, `rejected` and `undelivered`.
struct tally {
  // order lines
  std::uint64_t accepted = 0;
  std::uint64_t accepted_before = 0;              ///< of those: by an earlier request, so that nothing was written now
  std::map<std::string, std::uint64_t> rejected;  ///< by reason, unreadable lines included
  std::uint64_t rejected_before = 0;
  std::uint64_t undelivered = 0;  ///< the server could not be reached any more

  // what was done with them
  std::uint64_t commands = 0;        ///< answered, creations and check-outs included
  std::uint64_t replayed = 0;        ///< of those: answered from an idempotency record
  std::uint64_t events_written = 0;  ///< by this run

  // carts as read back, and as the read model shows them
  std::uint64_t carts_read = 0;
  std::uint64_t documents_read = 0;
  std::uint64_t carts_checked_out = 0;
  std::int64_t revenue = 0;  ///< minor units: totals of what is checked out

  /// Whatever is not as the file says, for people. Not empty = the run failed.
  std::vector<std::string> differences;

  [[nodiscard]] std::uint64_t rejected_lines() const {
    std::uint64_t sum = 0;
    for (auto const& [reason, count] : rejected) sum += count;
    return sum;
  }
  [[nodiscard]] std::uint64_t lines() const { return accepted + rejected_lines() + undelivered; }
};

}  // namespace replay
