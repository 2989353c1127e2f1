#pragma once

#include <evoke/definition.hpp>

#include <memory>
#include <string_view>
#include <vector>

namespace evoke {

/// The aggregate types a program knows. Filled before start, then immutable and shared by all threads.
class registry {
 public:
  /// @returns already_exists when a type of that name was added before, invalid_argument for names that break their rule.
  result<void> add(std::shared_ptr<aggregate_definition const> definition);

  /// nullptr when unknown. The pointer lives as long as the registry.
  [[nodiscard]] aggregate_definition const* find(std::string_view type) const noexcept;
  [[nodiscard]] aggregate_definition const* find_by_state(void const* state_tag) const noexcept;
  [[nodiscard]] std::vector<std::shared_ptr<aggregate_definition const>> const& all() const noexcept { return all_; }

 private:
  std::vector<std::shared_ptr<aggregate_definition const>> all_;
};

}  // namespace evoke
