#pragma once

#include <evoke/projection_definition.hpp>
#include <evoke/read_model.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "persistence/generation.hpp"

namespace evoke::detail {

/// A view query as a range of keys: of documents, or of one index's order (its sort key with the document's key behind it).
struct view_plan {
  std::optional<std::size_t> index{};  ///< nullopt = by key
  persistence::key_range range{};
  bool backward = false;
  std::uint64_t question = 0;  ///< hash of what was asked: projection, index with its fields, conditions, direction
};

/// @returns unknown_index for an index or a field that is not there; invalid_argument for conditions that are no equality on a leading part
/// of the index's fields with at most a range on the one behind; stale_cursor for a cursor of another question.
[[nodiscard]] result<view_plan> plan(projection_definition const& definition, view_query const& asked);

/// The cursor behind the row with this key.
[[nodiscard]] std::string cursor_behind(view_plan const& plan, std::string_view order_key);

/// Bytes as text for URLs (RFC 4648, 5, without padding), and back; nullopt when it is none.
[[nodiscard]] std::string base64url(std::string_view bytes);
[[nodiscard]] std::optional<std::string> from_base64url(std::string_view text);

}  // namespace evoke::detail
