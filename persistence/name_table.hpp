#pragma once

#include "persistence/journal.hpp"

#include <array>
#include <atomic>
#include <deque>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace evoke::persistence {

/// Numbers for names: each kind counts from 1 in the order of arrival. Names are never forgotten, so views of them stay good.
/// Remembers which of them are stored, so that no event can be stored before its names. Any thread.
class name_table {
 public:
  struct entry {
    name_kind kind{};
    name_id id = 0;
    std::string_view name;  ///< lives as long as the table
  };

  name_id intern(name_kind kind, std::string_view name);
  [[nodiscard]] name_id find(name_kind kind, std::string_view name) const;
  [[nodiscard]] std::string_view name_of(name_kind kind, name_id id) const;
  [[nodiscard]] std::vector<std::string> names(name_kind kind) const;

  /// Names that are not stored yet. A name that `intern` has returned is among them or stored.
  [[nodiscard]] std::vector<entry> unstored() const;
  /// These are stored now.
  void mark_stored(std::vector<entry> const& entries);

  /// Takes a stored name when a store is opened. @returns false where `id` is not the next number or the name is there already.
  [[nodiscard]] bool restore(name_kind kind, name_id id, std::string_view name);

 private:
  struct one_kind {
    std::deque<std::string> names;  ///< a deque never moves its elements
    std::unordered_map<std::string_view, name_id> numbers;
    std::size_t stored = 0;  ///< so many of `names` are stored
  };
  [[nodiscard]] one_kind& of(name_kind kind) { return kinds_[static_cast<std::size_t>(kind) - 1]; }
  [[nodiscard]] one_kind const& of(name_kind kind) const { return kinds_[static_cast<std::size_t>(kind) - 1]; }

  mutable std::shared_mutex guard_;
  std::atomic<std::size_t> unstored_{0};  ///< so that a commit without new names takes no lock
  std::array<one_kind, 3> kinds_;
};

}  // namespace evoke::persistence
