#pragma once

#include "persistence/keys.hpp"
#include "persistence/rocksdb_schema.hpp"
#include "persistence/row_codec.hpp"

#include <memory>
#include <optional>
#include <vector>

namespace evoke::persistence {

/// Groups in which any of some names occurs, in position order, with the records that have it. One thread.
class posting_cursor {
 public:
  /// @param from first position of the group to begin with. @param end positions beyond are not looked at.
  posting_cursor(database const& db, posting_kind kind, std::vector<name_id> const& names, position from, position end);

  /// First position of the current group; nothing when there are no more.
  [[nodiscard]] std::optional<position> group() const noexcept { return group_; }
  /// The records of the current group that have one of the names. @returns corrupt.
  [[nodiscard]] result<posting> records() const;
  /// Moves to the first group at or after `from`.
  void seek(position from);
  /// @returns what the engine said.
  [[nodiscard]] result<void> status() const;

 private:
  struct one_name {
    key_bytes stem;  ///< kind and name
    std::unique_ptr<rocksdb::Iterator> rows;
  };
  [[nodiscard]] bool valid(one_name const& each) const;
  void settle();

  std::vector<one_name> names_;
  position end_{};
  std::optional<position> group_;
};

}  // namespace evoke::persistence
