#pragma once

#include <cstdint>

namespace evoke::persistence {

/// What a storage engine holds in memory, in bytes. Both are bounded by options.
struct storage_memory {
  std::uint64_t write_buffers = 0;  ///< those being flushed included
  std::uint64_t block_cache = 0;    ///< blocks read, filters and indexes
};

}  // namespace evoke::persistence
