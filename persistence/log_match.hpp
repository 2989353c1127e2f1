#pragma once

#include "persistence/journal.hpp"

namespace evoke::persistence {

/// Whether an event is what a filter asks for: the definition that every index must agree with.
[[nodiscard]] bool matches(resolved_filter const& filter, event_view const& event);

/// The part of it that costs nothing but the event's type and stream.
[[nodiscard]] bool wants_everything(resolved_filter const& filter) noexcept;

}  // namespace evoke::persistence
