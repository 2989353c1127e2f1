#pragma once

#include "persistence/keys.hpp"
#include "persistence/read_model_rows.hpp"

#include <cstdint>
#include <string_view>

/// The keys of a generation's column family: a letter for the kind of row, then what names it. Numbers are big-endian. A document's key may
/// be any bytes; an aggregate's type and id contain no zero byte, which therefore ends them.
///
///     'c'                                       checkpoint
///     'd' key                                   document
///     'i' index:u16 sort_key key                index entry: in the index's order, then by key
///     'h' position:u64 round:u32 key            change, where it was noted
///     'l' position:u64                          letter
///     'b' type 00 id                            blocked
///     'r' type 00 id 00 position:u64            an aggregate's letters, in order; no value
namespace evoke::persistence {

enum class row_kind : std::uint8_t {
  checkpoint = 'c',
  document = 'd',
  index = 'i',
  change = 'h',
  letter = 'l',
  blocked = 'b',
  row = 'r',
};

[[nodiscard]] inline key_bytes kind_key(row_kind kind) {
  return key_bytes{}.u8(static_cast<std::uint8_t>(kind));
}
[[nodiscard]] inline key_bytes document_key(std::string_view key) {
  return kind_key(row_kind::document).text(key);
}
[[nodiscard]] inline key_bytes index_prefix(std::size_t index) {
  return kind_key(row_kind::index).u16(index);
}
[[nodiscard]] inline key_bytes index_key(std::size_t index, std::string_view sort_key, std::string_view key) {
  return index_prefix(index).text(sort_key).text(key);
}
[[nodiscard]] inline key_bytes change_key(change_place const& noted, std::string_view key) {
  return kind_key(row_kind::change).u64(noted.at.value()).u32(noted.round).text(key);
}
[[nodiscard]] inline key_bytes letter_key(position at) {
  return kind_key(row_kind::letter).u64(at.value());
}
[[nodiscard]] inline key_bytes blocked_key(std::string_view type, std::string_view id) {
  return kind_key(row_kind::blocked).text(type).u8(0).text(id);
}
[[nodiscard]] inline key_bytes row_prefix(std::string_view type, std::string_view id) {
  return kind_key(row_kind::row).text(type).u8(0).text(id).u8(0);
}
[[nodiscard]] inline key_bytes row_key(std::string_view type, std::string_view id, position at) {
  return row_prefix(type, id).u64(at.value());
}

/// Rows of the default family.
inline constexpr std::string_view kLastGenerationKey = "generation";
inline constexpr std::string_view kProjectionPrefix = "projection/";

}  // namespace evoke::persistence
