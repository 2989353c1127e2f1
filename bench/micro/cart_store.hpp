#pragma once

#include <evoke/options.hpp>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "persistence/journal.hpp"

namespace evoke::bench {

/// A folder of its own where the system keeps temporary files. Gone with it.
class temporary_folder {
 public:
  /// @throws std::runtime_error when there is no room for one.
  temporary_folder();
  ~temporary_folder();
  temporary_folder(temporary_folder const&) = delete;
  temporary_folder& operator=(temporary_folder const&) = delete;

  [[nodiscard]] std::filesystem::path const& path() const noexcept { return path_; }

 private:
  std::filesystem::path path_;
};

/// A RocksDB journal of carts in such a folder. One thread. Everything throws std::runtime_error when the journal fails.
class cart_store {
 public:
  /// @param memtable_bytes write buffers: what was written last is read from there
  explicit cart_store(durability how, std::size_t memtable_bytes = 128ULL << 20U);
  ~cart_store();
  cart_store(cart_store const&) = delete;
  cart_store& operator=(cart_store const&) = delete;

  [[nodiscard]] persistence::journal& journal() noexcept { return *journal_; }
  [[nodiscard]] persistence::stream_ref stream(std::string_view id) const noexcept { return {cart_, id}; }

  /// The event of a cart at this version: the first creates it, every other adds an item.
  [[nodiscard]] persistence::append event(std::string id, std::uint64_t at) const;
  void commit(std::span<persistence::append> group);

 private:
  temporary_folder folder_;
  std::unique_ptr<persistence::journal> journal_;
  persistence::name_id cart_ = 0;
  persistence::name_id created_ = 0;
  persistence::name_id added_ = 0;
};

}  // namespace evoke::bench
