#pragma once

#include <evoke/ids.hpp>
#include <evoke/metadata.hpp>
#include <evoke/time.hpp>

#include <cstdint>

namespace evoke {

/// All of the outside world that `decide` may see: handed in, so that the same context always gives the same decision.
/// Valid during the call only; do not keep references.
class context {
 public:
  /// @param seed feeds random() and new_id(); the runtime draws it from the operating system, tests give their own.
  context(aggregate_id const& id, version current, timestamp now, metadata const& meta, std::uint64_t seed) noexcept
      : id_(&id), version_(current), now_(now), meta_(&meta), state_(seed) {}

  [[nodiscard]] aggregate_id const& id() const noexcept { return *id_; }
  /// The stream's version before this command, 0 = no stream yet.
  [[nodiscard]] evoke::version version() const noexcept { return version_; }
  [[nodiscard]] bool exists() const noexcept { return version_ != evoke::version{}; }
  /// One reading for the whole command; the time its events will carry. Never earlier than the stream's last event.
  [[nodiscard]] timestamp now() const noexcept { return now_; }
  [[nodiscard]] metadata const& meta() const noexcept { return *meta_; }

  /// 64 evenly distributed bits (SplitMix64, Steele et al. 2014). Not for secrets.
  [[nodiscard]] std::uint64_t random() const noexcept {
    std::uint64_t z = (state_ += 0x9e3779b97f4a7c15ULL);
    z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27U)) * 0x94d049bb133111ebULL;
    return z ^ (z >> 31U);
  }
  /// A random UUID (version 4) from random().
  [[nodiscard]] uuid new_id() const noexcept;

 private:
  aggregate_id const* id_;
  evoke::version version_;
  timestamp now_;
  metadata const* meta_;
  mutable std::uint64_t state_;
};

}  // namespace evoke
