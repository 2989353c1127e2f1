#pragma once

#include <evoke/projection_definition.hpp>

#include <cstdint>
#include <functional>

namespace evoke::actors {

/// Where a projection's events come from: the log, filtered by what it follows. One thread, but for what is said otherwise.
class event_source {
 public:
  virtual ~event_source() = default;

  struct reach {
    position examined{};  ///< everything up to here was visited or is not followed; meaningless when the visitor stopped
    bool at_end = false;  ///< nothing more up to the head when it began; false when the visitor stopped
  };
  /// Return false to stop.
  using visitor = std::function<bool(projected_event const&)>;

  /// Visits the followed events behind `after` in order, until the visitor stops it, `max_examined` events were looked at, or the head.
  /// @returns corrupt, io_error.
  virtual result<reach> read(position after, std::uint64_t max_examined, visitor const& visit) = 0;
  /// Visits the event at `at`, if it is followed.
  virtual result<void> read_one(position at, visitor const& visit) = 0;
  /// End of the log. Any thread.
  [[nodiscard]] virtual position head() const noexcept = 0;
  /// True: the projection is woken, once, when there is something behind `after`. False: there is already.
  [[nodiscard]] virtual bool arm(position after) = 0;
};

}  // namespace evoke::actors
