#pragma once

#include "persistence/journal.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

namespace evoke::persistence {

/// The versions of the streams that were written most recently, in a fixed amount of memory: the writer's defence against an append that
/// does not continue its stream. Four entries a set, the oldest of a set gives way. A stream is known by a 64-bit hash: an answer that
/// speaks against an append must be confirmed by a look into the store.
/// Writer thread only.
class stream_versions {
 public:
  using hash = std::uint64_t;

  /// @param capacity a power of two, in streams of 16 bytes each; the pages are touched as they fill.
  explicit stream_versions(std::size_t capacity);

  [[nodiscard]] static hash hash_of(stream_ref stream) noexcept;
  /// Asks the processor to fetch what `find` will look at.
  void prefetch(hash stream) const noexcept { __builtin_prefetch(set_of(stream)); }
  [[nodiscard]] std::optional<version> find(hash stream) const noexcept;
  void remember(hash stream, version last) noexcept;
  void forget(hash stream) noexcept;

 private:
  struct entry {
    hash stream;  ///< 0 = none
    std::uint64_t last;
  };
  struct freeing {
    void operator()(void* memory) const noexcept;
  };
  static constexpr std::size_t kWays = 4;

  [[nodiscard]] entry* set_of(hash stream) const noexcept { return entries_ + (stream & (sets_ - 1)) * kWays; }

  std::size_t sets_;
  std::unique_ptr<void, freeing> memory_;
  entry* entries_ = nullptr;
};

}  // namespace evoke::persistence
