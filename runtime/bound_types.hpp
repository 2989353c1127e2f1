#pragma once

#include <evoke/options.hpp>
#include <evoke/registry.hpp>

#include <memory>
#include <shared_mutex>
#include <string_view>
#include <unordered_map>

#include "actors/bound_type.hpp"

namespace evoke::detail {

/// The aggregate types that one runtime serves: the registered ones, fixed at start, and those that raw appends have brought in.
/// Any thread. A bound type never moves and lives as long as the table.
class bound_types {
 public:
  /// Binds all of `types`, and the raw types that are stored already.
  /// @returns corrupt when a type is registered over raw events that it cannot read.
  result<void> open(registry const& types, persistence::journal& store, runtime_options const& options);

  /// nullptr when unknown.
  [[nodiscard]] actors::bound_type const* find(std::string_view name) const;
  [[nodiscard]] actors::bound_type const* find(aggregate_definition const& definition) const;
  /// The raw type of that name, made when it is new. @returns not_allowed for a registered one, limit_exceeded, invalid_argument.
  result<actors::bound_type const*> raw(std::string_view name);
  /// The number of an event type that a raw append names, made when it is new. @returns limit_exceeded, invalid_argument.
  result<persistence::name_id> raw_event(std::string_view name);

 private:
  result<void> check_readable(actors::bound_type const& type) const;
  result<void> check_room(persistence::name_kind kind) const;

  persistence::journal* store_ = nullptr;
  runtime_options const* options_ = nullptr;
  std::unordered_map<aggregate_definition const*, actors::bound_type const*> by_definition_;  // fixed after open
  mutable std::shared_mutex guard_;
  std::unordered_map<std::string_view, std::unique_ptr<actors::bound_type>> by_name_;  // keyed by the type's own name
};

}  // namespace evoke::detail
