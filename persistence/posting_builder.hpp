#pragma once

#include "persistence/keys.hpp"

#include <cstdint>
#include <vector>

namespace evoke::persistence {

/// Gathers which records of a group belong to which name. Keeps its memory between groups; looks nothing up by comparing.
class posting_builder {
 public:
  struct row {
    posting_kind kind{};
    name_id name = 0;
    std::vector<std::uint32_t> indexes;
  };

  void clear() noexcept;
  /// Record `index` has this name. Indexes come in ascending order.
  void add(posting_kind kind, name_id name, std::uint32_t index);

  /// Calls visit(row const&) for each name that occurred.
  template <class Visitor>
  void each(Visitor&& visit) const {
    for (std::size_t i = 0; i < used_; ++i) visit(rows_[i]);
  }

 private:
  std::vector<row> rows_;  ///< the first `used_` count; the others keep their memory
  std::size_t used_ = 0;
  std::vector<std::uint32_t> row_of_[2];  ///< by kind and name: 1 + index into rows_, 0 = none
};

}  // namespace evoke::persistence
