#include "http/consistency_token.hpp"

#include <array>
#include <charconv>

namespace evoke::http {

consistency_tokens::consistency_tokens(std::string_view store_id) {
  // The last digits: in a UUID of any version they are random, the first may be a time.
  for (auto i = store_id.size() < 8 ? 0 : store_id.size() - 8; i < store_id.size(); ++i) prefix_.push_back(store_id[i]);
  prefix_.push_back('-');
}

void consistency_tokens::append(position at, std::string& out) const {
  std::array<char, 16> digits{};
  auto const end = std::to_chars(digits.data(), digits.data() + digits.size(), at.value(), 16).ptr;
  out.append(prefix_).append(digits.data(), end);
}

std::optional<position> consistency_tokens::parse(std::string_view text) const noexcept {
  if (!text.starts_with(prefix_)) return std::nullopt;
  text.remove_prefix(prefix_.size());
  std::uint64_t value = 0;
  auto const [stopped, error] = std::from_chars(text.data(), text.data() + text.size(), value, 16);
  if (error != std::errc{} || stopped != text.data() + text.size()) return std::nullopt;
  return position{value};
}

}  // namespace evoke::http
