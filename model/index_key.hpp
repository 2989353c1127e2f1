#pragma once

#include <evoke/detail/index_fields.hpp>
#include <evoke/projection_definition.hpp>
#include <evoke/result.hpp>

#include <optional>
#include <string>
#include <string_view>

/// The bytes that an index sorts documents by.
///
///     key      = field*                             in the order of index_info::fields
///     field    = value                              of a field that is never absent
///              / %x00 / %x01 value                  absent, present: of an optional one
///     value    = %x00 / %x01                        boolean: false, true
///              / 8OCTET                             signed_number: two's complement, big-endian, its sign bit flipped
///              / 8OCTET                             unsigned_number: big-endian
///              / 8OCTET                             time: microseconds since 1970 as a signed number
///              / *(%x01-FF / %x00 %xFF) %x00 %x00   text: its bytes, zero escaped, terminated; an enum by its enumerator's name
///
/// 1. Keys compare as bytes (memcmp, the shorter first) like their fields compare in turn: numbers and times by value, text by bytes, false
///    before true, absent before present.
/// 2. No field's bytes are a proper prefix of another value's of the same field. So the keys that begin with the bytes of some leading
///    values are those with equal values there, and no others; they are one range: from these bytes up to `behind_prefix` of them.
/// 3. A change of this grammar is a change of index_encoding_version, which is part of every projection's shape: what was stored in the old
///    one is rebuilt.
namespace evoke {

/// The bytes of one field from a query's text: "true" or "false", a decimal integer within 64 bits, an RFC 3339 time, or text as it is (any
/// bytes). nullopt = absent.
/// @returns invalid_argument naming the field: the text is not of its form, or the field is never absent.
[[nodiscard]] result<std::string> encode_field_text(index_field const& field, std::optional<std::string_view> text);

/// The least key above all that begin with `prefix`; nullopt when there is none, because it is empty or all %xFF.
[[nodiscard]] std::optional<std::string> behind_prefix(std::string prefix);

}  // namespace evoke
