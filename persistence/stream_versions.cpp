#include "persistence/stream_versions.hpp"

#include <cassert>
#include <cstdlib>
#include <functional>
#include <new>

namespace evoke::persistence {

void stream_versions::freeing::operator()(void* memory) const noexcept {
  std::free(memory);
}

stream_versions::stream_versions(std::size_t capacity) : sets_(capacity / kWays) {
  assert(capacity >= kWays && (capacity & (capacity - 1)) == 0);
  // calloc: zeroed pages come from the system when first touched, an idle store pays nothing. One set more, to begin on a cache line.
  memory_.reset(std::calloc(capacity + kWays, sizeof(entry)));
  if (!memory_) throw std::bad_alloc();
  void* begin = memory_.get();
  auto room = (capacity + kWays) * sizeof(entry);
  entries_ = static_cast<entry*>(std::align(kWays * sizeof(entry), capacity * sizeof(entry), begin, room));
}

stream_versions::hash stream_versions::hash_of(stream_ref stream) noexcept {
  auto const mixed = std::hash<std::string_view>{}(stream.id) ^ (stream.type * 0x9e3779b97f4a7c15ULL);
  return mixed == 0 ? 1 : mixed;
}

std::optional<version> stream_versions::find(hash stream) const noexcept {
  auto const* set = set_of(stream);
  for (std::size_t i = 0; i < kWays; ++i)
    if (set[i].stream == stream) return version{set[i].last};
  return std::nullopt;
}

void stream_versions::remember(hash stream, version last) noexcept {
  auto* set = set_of(stream);
  std::size_t at = 0;
  while (at < kWays - 1 && set[at].stream != stream && set[at].stream != 0) ++at;
  // The newest stands first: what falls off the end was written longest ago.
  for (; at > 0; --at) set[at] = set[at - 1];
  set[0] = {stream, last.value()};
}

void stream_versions::forget(hash stream) noexcept {
  auto* set = set_of(stream);
  for (std::size_t i = 0; i < kWays; ++i)
    if (set[i].stream == stream) set[i] = {0, 0};
}

}  // namespace evoke::persistence
