#pragma once

#include <evoke/ids.hpp>

#include <initializer_list>
#include <vector>

namespace evoke {

/// What a caller demands of the stream's version before anything is decided. Closed: these four and no other.
class expected_version {
 public:
  [[nodiscard]] static expected_version any() { return expected_version{kind::any}; }
  [[nodiscard]] static expected_version no_stream() { return expected_version{kind::no_stream}; }
  [[nodiscard]] static expected_version stream_exists() { return expected_version{kind::stream_exists}; }
  /// Holds when the stream is at `wanted`. Version 0 never matches: say no_stream.
  [[nodiscard]] static expected_version exactly(version wanted) { return one_of({wanted}); }
  /// HTTP's `If-Match: "3", "4"`: holds when the stream is at any of them.
  [[nodiscard]] static expected_version one_of(std::vector<version> wanted) {
    expected_version made{kind::exactly};
    made.wanted_ = std::move(wanted);
    return made;
  }

  expected_version() = default;

  [[nodiscard]] bool is_any() const noexcept { return kind_ == kind::any; }

  [[nodiscard]] bool matches(version current) const noexcept {
    switch (kind_) {
      case kind::any: return true;
      case kind::no_stream: return current == version{};
      case kind::stream_exists: return current != version{};
      case kind::exactly: break;
    }
    if (current == version{}) return false;
    for (auto const& each : wanted_)
      if (each == current) return true;
    return false;
  }

  /// For messages: "any", "no stream", "an existing stream", "version 3 or 4".
  [[nodiscard]] std::string describe() const;

 private:
  enum class kind : std::uint8_t { any, no_stream, stream_exists, exactly };
  explicit expected_version(kind which) : kind_(which) {}

  kind kind_ = kind::any;
  std::vector<version> wanted_;
};

}  // namespace evoke
