#pragma once

#include <evoke/event.hpp>
#include <evoke/projection_definition.hpp>

#include <memory>
#include <string_view>

/// Between an event that owns its bytes and one that only shows them.
namespace evoke::detail {

/// Valid as long as `event` is where it is.
[[nodiscard]] projected_event view_of(recorded_event const& event) noexcept;

/// What was seen, to be kept. Its correlation is the effective one: where none was given, the id of the command that led to it.
[[nodiscard]] std::shared_ptr<recorded_event const> keep(projected_event const& seen);

}  // namespace evoke::detail
