#pragma once

#include "http/incoming.hpp"

#include <evoke/projection_definition.hpp>
#include <evoke/read_model.hpp>
#include <evoke/result.hpp>

#include <cstddef>
#include <string_view>

namespace evoke::http {

/// Turns a request for documents into a query of `asked`. Parameters: `index`, `limit`, `cursor`, `prefix` (of keys), `direction`, and
/// conditions on an index's fields: `status=open`, `total.gte=100` (`.gt`, `.lt`, `.lte`), `nickname.absent`, and `limit.eq=3` for a field
/// that is called like a parameter. An index's own name stands for its first field: `user=u-1`.
///
/// Where `index` is not named, the one that the conditions fit is taken: equality on a leading part of its fields, ranges on the one behind
/// them. @returns unknown_index when none fits, or several; invalid_argument, naming the parameter, for what is no query.
[[nodiscard]] result<view_query> read_view_query(incoming const& request, projection_definition const& asked, std::size_t most);

/// Whether this is a parameter of such a query and not a field.
[[nodiscard]] bool is_view_parameter(std::string_view name) noexcept;

}  // namespace evoke::http
