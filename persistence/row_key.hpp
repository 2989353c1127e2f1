#pragma once

#include <rocksdb/slice.h>

#include <cstdint>
#include <cstring>
#include <string_view>

#include "persistence/wire.hpp"

namespace evoke::persistence {

/// What orders the rows of a memtable: the user's key by its bytes, then the newest first. As RocksDB stores it: the key, then eight bytes
/// of sequence number and kind, little-endian (its "internal key").
struct row_key {
  std::string_view user;
  std::uint64_t tag = 0;

  [[nodiscard]] static row_key of(rocksdb::Slice internal) noexcept {
    auto const user = internal.size() - sizeof(tag);
    row_key made{{internal.data(), user}, 0};
    std::memcpy(&made.tag, internal.data() + user, sizeof(tag));
    made.tag = little_endian(made.tag);
    return made;
  }
  /// Of an entry as a memtable holds it: a varint length before the internal key, a value behind it.
  [[nodiscard]] static row_key of(char const* entry) noexcept {
    std::uint32_t bytes = 0;
    for (unsigned shift = 0;; shift += 7) {
      auto const part = static_cast<unsigned char>(*entry++);
      bytes |= static_cast<std::uint32_t>(part & 0x7fU) << shift;
      if (part < 0x80U) return of(rocksdb::Slice(entry, bytes));
    }
  }
  [[nodiscard]] bool before(row_key const& other) const noexcept {
    auto const order = user.compare(other.user);
    return order < 0 || (order == 0 && tag > other.tag);
  }
};

}  // namespace evoke::persistence
