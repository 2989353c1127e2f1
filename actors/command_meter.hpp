#pragma once

#include <evoke/command.hpp>

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "model/duration_histogram.hpp"

namespace evoke::actors {

/// How commands ended, as an operator tells them apart.
enum class command_outcome : std::uint8_t {
  succeeded,  ///< with events
  unchanged,  ///< accepted, without events
  rejected,   ///< by the domain
  refused,    ///< before anything was decided: bad request, precondition, limit, overload, draining
  failed,     ///< user code, storage
  unknown,    ///< may or may not be stored
};
inline constexpr std::array<std::string_view, 6> command_outcome_names{"succeeded", "unchanged", "rejected",
                                                                       "refused",   "failed",    "unknown"};

[[nodiscard]] inline command_outcome outcome_of(command_result const& end) noexcept {
  if (end.accepted()) return end.reply().events.empty() ? command_outcome::unchanged : command_outcome::succeeded;
  if (end.rejected()) return command_outcome::rejected;
  switch (end.error().code) {
    case errc::outcome_unknown: return command_outcome::unknown;
    case errc::user_code_failed:
    case errc::journal_failed:
    case errc::storage_full:
    case errc::corrupt:
    case errc::data_lost:
    case errc::io_error:
    case errc::recovering: return command_outcome::failed;
    default: return command_outcome::refused;
  }
}

/// Counts commands that reached an aggregate, by outcome and duration (from acceptance to answer). Each worker counts for itself.
class command_meter {
 public:
  explicit command_meter(std::size_t workers) {
    for (std::size_t i = 0; i < workers; ++i) slots_.push_back(std::make_unique<slot>());
  }

  void record(std::size_t worker, command_outcome how, std::chrono::nanoseconds took) noexcept {
    auto& mine = *slots_[worker % slots_.size()];
    mine.ends[static_cast<std::size_t>(how)].fetch_add(1, std::memory_order_relaxed);
    mine.took.record(took);
  }

  struct reading {
    std::array<std::uint64_t, command_outcome_names.size()> ends{};
    duration_histogram::reading took;
  };
  [[nodiscard]] reading read() const noexcept {
    reading sum;
    for (auto const& each : slots_) {
      for (std::size_t i = 0; i < sum.ends.size(); ++i) sum.ends[i] += each->ends[i].load(std::memory_order_relaxed);
      sum.took += each->took.read();
    }
    return sum;
  }

 private:
  struct alignas(64) slot {
    std::array<std::atomic<std::uint64_t>, command_outcome_names.size()> ends{};
    duration_histogram took;
  };
  std::vector<std::unique_ptr<slot>> slots_;
};

}  // namespace evoke::actors
