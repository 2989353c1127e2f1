#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <vector>

namespace evoke::bench {

/// Which streams a client appends to and at which version they are. Clients have streams of their own, so that no append is refused, or
/// all of them have the one.
class key_choice {
 public:
  /// @param keys in all, dealt out evenly; at least one a client.
  key_choice(std::size_t client, std::size_t clients, std::size_t keys, bool one_stream)
      : client_(client),
        clients_(clients),
        one_(one_stream),
        random_(client),
        versions_(one_stream ? 1 : std::max<std::size_t>(1, keys / clients)) {}

  /// Draws the stream of the next append.
  void draw() {
    if (!one_) slot_ = random_() % versions_.size();
  }
  [[nodiscard]] std::string id() const { return "c-" + std::to_string(one_ ? 0 : client_ + clients_ * slot_); }
  [[nodiscard]] std::uint64_t next_version() const { return versions_[slot_] + 1; }
  void at(std::uint64_t version) { versions_[slot_] = version; }

 private:
  std::size_t client_;
  std::size_t clients_;
  bool one_;
  std::mt19937_64 random_;
  std::vector<std::uint64_t> versions_;
  std::size_t slot_ = 0;
};

}  // namespace evoke::bench
