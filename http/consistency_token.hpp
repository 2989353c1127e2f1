#pragma once

#include <evoke/ids.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace evoke::http {

/// Reads and writes `Consistency-Token`: a position together with a tag of the store it belongs to, so that a token of another store is
/// noticed. Opaque to clients; today "<8 hex digits of the store id>-<position in hex>".
class consistency_tokens {
 public:
  explicit consistency_tokens(std::string_view store_id);

  void append(position at, std::string& out) const;
  /// nullopt: not a token, or of another store.
  [[nodiscard]] std::optional<position> parse(std::string_view text) const noexcept;

 private:
  std::string prefix_;
};

}  // namespace evoke::http
