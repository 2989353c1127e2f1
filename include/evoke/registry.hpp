#pragma once

#include <evoke/definition.hpp>
#include <evoke/process_definition.hpp>
#include <evoke/projection_definition.hpp>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace evoke {

/// The aggregate types, projections and processes a program knows. Filled before start, in any order, then immutable and shared by all
/// threads.
class registry {
 public:
  /// @returns already_exists when a type of that name or of that C++ state was added before, invalid_argument for names that break their
  /// rule, for an event of which a version below today's is not listed as former, and for upcasters that go in a circle.
  result<void> add(std::shared_ptr<aggregate_definition const> definition);
  /// Names of projections and their indexes follow the rule of aggregate types. @returns already_exists when a projection of that name or
  /// of that C++ document was added before, invalid_argument for names that break the rule or stand twice, a version of 0, and any_order
  /// without free keys.
  result<void> add(std::shared_ptr<projection_definition const> definition);

  /// The process's instances become an aggregate type of its name. @returns as for an aggregate type; invalid_argument without events that
  /// start it, and for deadlines that are not positive.
  result<void> add(std::shared_ptr<process_definition const> definition);

  /// Says that this program is done with an aggregate type that a store still holds: its events stay and are shown as they are stored. A
  /// store with events of a type that is neither registered nor retired is refused. @returns invalid_argument for a name that breaks the
  /// rule.
  result<void> retire(std::string_view type);
  [[nodiscard]] std::vector<std::string> const& retired() const noexcept { return retired_; }

  /// What can only be said when everything has been added; the runtime asks before it starts. @returns invalid_argument when a projection
  /// or a process follows an aggregate type that is not registered, or an event that the registered type does not have, or when one is both
  /// registered and retired.
  [[nodiscard]] result<void> check() const;

  /// nullptr when unknown. The pointer lives as long as the registry.
  [[nodiscard]] aggregate_definition const* find(std::string_view type) const noexcept;
  [[nodiscard]] aggregate_definition const* find_by_state(void const* state_tag) const noexcept;
  [[nodiscard]] std::vector<std::shared_ptr<aggregate_definition const>> const& all() const noexcept { return all_; }

  [[nodiscard]] projection_definition const* find_projection(std::string_view name) const noexcept;
  [[nodiscard]] projection_definition const* find_projection_by_document(void const* document_tag) const noexcept;
  [[nodiscard]] std::vector<std::shared_ptr<projection_definition const>> const& projections() const noexcept { return projections_; }

  [[nodiscard]] process_definition const* find_process(std::string_view name) const noexcept;
  [[nodiscard]] std::vector<std::shared_ptr<process_definition const>> const& processes() const noexcept { return processes_; }

 private:
  std::vector<std::shared_ptr<aggregate_definition const>> all_;
  std::vector<std::shared_ptr<projection_definition const>> projections_;
  std::vector<std::shared_ptr<process_definition const>> processes_;
  std::vector<std::string> retired_;
};

}  // namespace evoke
