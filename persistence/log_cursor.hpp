#pragma once

#include "persistence/group_codec.hpp"
#include "persistence/rocksdb_schema.hpp"

#include <memory>

namespace evoke::persistence {

/// Walks over the groups of `log`. One thread.
class log_cursor {
 public:
  /// @param how whether each group is checked as a whole when it is reached; where only headers are wanted, that is not worth its time.
  explicit log_cursor(database const& db, verify how = verify::checksum);

  /// Moves to the group that holds `at`; cheap when it is the current one. @returns corrupt where there is none or it does not read.
  [[nodiscard]] result<void> seek(position at);
  /// Moves to the group after this one, which must exist.
  [[nodiscard]] result<void> next();

  [[nodiscard]] group_view const& group() const noexcept { return group_; }

 private:
  [[nodiscard]] result<void> read(position wanted);

  std::unique_ptr<rocksdb::Iterator> rows_;
  verify how_;
  group_view group_;
  bool valid_ = false;
};

/// A record that does not read, as a failure that names it.
[[nodiscard]] failure corrupt_group(position at, std::string_view why);

}  // namespace evoke::persistence
