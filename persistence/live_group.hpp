#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "persistence/journal.hpp"

namespace evoke::persistence {

/// A committed group in memory: what followers near the head read instead of the disk. Immutable, shared by all of them.
struct live_group {
  position before{};               ///< its first event is the one behind this
  position last{};                 ///< of its last event
  std::vector<event_view> events;  ///< in position order; views into `bytes`
  std::string bytes;

  [[nodiscard]] std::size_t size() const noexcept { return sizeof(live_group) + bytes.capacity() + events.capacity() * sizeof(event_view); }
};
using live_group_ptr = std::shared_ptr<live_group const>;

/// Copies what `group` (committed: its positions are filled) brought into being. nullptr when it held no events.
[[nodiscard]] live_group_ptr make_live_group(std::span<append* const> group, uuid const& store);

}  // namespace evoke::persistence
