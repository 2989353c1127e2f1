#pragma once

#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <limits>
#include <random>
#include <string>

/// Randomness of a test: EVOKE_SEED where it is set, a fresh seed otherwise. Print `seed` with what fails: INFO("EVOKE_SEED=" <<
/// random.seed).
struct random_source {
  std::uint64_t seed = chosen();
  std::mt19937_64 bits{seed};

  std::uint64_t below(std::uint64_t bound) { return std::uniform_int_distribution<std::uint64_t>{0, bound - 1}(bits); }
  bool coin() { return below(2) == 0; }

  /// Any bits, but often an end of the range, where mistakes live.
  template <class Integer>
  Integer integer() {
    switch (below(6)) {
      case 0: return std::numeric_limits<Integer>::min();
      case 1: return std::numeric_limits<Integer>::max();
      case 2: return static_cast<Integer>(below(100));
      default: return static_cast<Integer>(bits());
    }
  }
  double real() {
    switch (below(4)) {
      case 0: return static_cast<double>(static_cast<std::int64_t>(below(2'000'001)) - 1'000'000) / 100;
      case 1: return std::ldexp(static_cast<double>(bits()), static_cast<int>(below(2000)) - 1074);
      case 2: return coin() ? 0.0 : -0.0;
      default: return -std::uniform_real_distribution<double>{0, 1e9}(bits);
    }
  }
  /// Valid UTF-8: plain letters mostly, else quotes, control characters and code points of every length.
  std::string text(std::size_t longest = 40) {
    std::string out;
    auto const count = below(longest + 1);
    for (std::uint64_t i = 0; i < count; ++i) {
      switch (below(12)) {
        case 0: out += static_cast<char>(below(0x20)); break;
        case 1: out += coin() ? '"' : '\\'; break;
        case 2: out += "\xC3\xA9"; break;
        case 3: out += "\xE2\x80\xA8"; break;
        case 4: out += "\xF0\x9F\x98\x80"; break;
        case 5: out += coin() ? '\x7F' : '/'; break;
        default: out += static_cast<char>('a' + below(26));
      }
    }
    return out;
  }

 private:
  static std::uint64_t chosen() {
    if (auto const* given = std::getenv("EVOKE_SEED"); given != nullptr) return std::strtoull(given, nullptr, 10);
    return std::random_device{}();
  }
};
