#include "model/json_parser.hpp"

#include <limits>

namespace evoke::json {

result<value> document::parse(std::string_view text, std::size_t max_depth) {
  nodes_.clear();
  text_.clear();
  open_.clear();
  spaced_ = false;
  auto const refuse = [](std::string detail) { return fail(failure{errc::malformed, "the document " + detail, {{"", detail}}, {}, {}}); };
  // A tape is indexed by 32 bits, and a byte of text makes at most one node.
  if (text.size() > std::numeric_limits<std::uint32_t>::max() / 2) return refuse("is larger than 2 GiB");
  if (text.starts_with("\xEF\xBB\xBF")) return refuse("begins with a byte order mark, which RFC 8259 forbids");
  text_.reserve(text.size());
  builder reading{*this, text, max_depth};
  if (reading.run()) return value{*this, 0};
  nodes_.clear();
  return fail(std::move(reading).refusal());
}

std::size_t document::capacity_bytes() const noexcept {
  return nodes_.capacity() * sizeof(node) + text_.capacity() + (open_.capacity() + scratch_.capacity()) * sizeof(std::uint32_t);
}

}  // namespace evoke::json
