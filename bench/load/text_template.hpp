#pragma once

#include "bench/load/key_distribution.hpp"

#include <evoke/result.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace evoke::load {

/// What the placeholders of one operation stand for.
struct placeholder_values {
  std::string_view key;          ///< {key}: prefix and number
  std::uint64_t key_number = 0;  ///< {key_number}
  std::uint64_t counter = 0;     ///< {counter}: of the operation, unique in a run
  std::string_view payload;      ///< {payload}: filler
  random_source& random;         ///< {uuid} (version 4) and {random:A..B} (an integer, both ends included)
};

/// Text with placeholders. A '{' that a lower-case letter follows begins one; any other is text, so that JSON needs no escaping.
class text_template {
 public:
  text_template() = default;  ///< renders nothing
  /// @returns invalid_argument for an unknown placeholder, one that is never closed, and a range that is none.
  [[nodiscard]] static result<text_template> parse(std::string_view text);

  /// Appends.
  void render(placeholder_values const& with, std::string& out) const;
  [[nodiscard]] bool empty() const noexcept { return parts_.empty(); }

 private:
  enum class kind : std::uint8_t { text, key, key_number, counter, uuid, random, payload };
  struct part {
    kind is = kind::text;
    std::string text;
    std::int64_t low = 0;
    std::uint64_t span = 0;  ///< number of values less one
  };
  static result<part> parse_placeholder(std::string_view inside);
  std::vector<part> parts_;
};

/// A random UUID (version 4), appended.
void append_uuid(random_source& random, std::string& out);
void append_number(std::uint64_t number, std::string& out);

}  // namespace evoke::load
