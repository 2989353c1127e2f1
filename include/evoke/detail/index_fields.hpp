#pragma once

#include <evoke/ids.hpp>
#include <evoke/json/described.hpp>
#include <evoke/projection_definition.hpp>
#include <evoke/time.hpp>

#include <concepts>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

/// Which types an index can sort by, and how a value of one becomes bytes. The grammar of the bytes is in model/index_key.hpp.
namespace evoke::detail {

/// Part of every projection's shape: raised when the bytes of a value change.
inline constexpr std::uint32_t index_encoding_version = 1;

// Defined in model/index_key.cpp.
void append_absent(std::string& key);
void append_present(std::string& key);
void append_boolean(std::string& key, bool value);
void append_signed(std::string& key, std::int64_t value);
void append_unsigned(std::string& key, std::uint64_t value);
void append_text(std::string& key, std::string_view value);
void append_time(std::string& key, timestamp value);
/// By its name; an enumerator without one, which no document can be stored with, like empty text.
void append_enumerator(std::string& key, std::span<json::detail::enumerator const> all, long long value);

/// Left without members where an index cannot sort by T.
template <class T>
struct index_codec {};

template <>
struct index_codec<bool> {
  static constexpr auto order = field_order::boolean;
  static void append(std::string& key, bool value) { append_boolean(key, value); }
};

template <json::detail::plain_integer T>
struct index_codec<T> {
  static constexpr auto order = std::signed_integral<T> ? field_order::signed_number : field_order::unsigned_number;
  static void append(std::string& key, T value) {
    if constexpr (std::signed_integral<T>) {
      append_signed(key, value);
    } else {
      append_unsigned(key, value);
    }
  }
};

template <json::detail::described_enum T>
struct index_codec<T> {
  static constexpr auto order = field_order::text;
  static void append(std::string& key, T value) { append_enumerator(key, json::detail::enumerators_of<T>, static_cast<long long>(value)); }
};

template <>
struct index_codec<std::string> {
  static constexpr auto order = field_order::text;
  static void append(std::string& key, std::string_view value) { append_text(key, value); }
};

template <class Rule>
struct index_codec<identifier<Rule>> {
  static constexpr auto order = field_order::text;
  static void append(std::string& key, identifier<Rule> const& value) { append_text(key, value.str()); }
};

template <class Tag>
struct index_codec<ordinal<Tag>> {
  static constexpr auto order = field_order::unsigned_number;
  static void append(std::string& key, ordinal<Tag> value) { append_unsigned(key, value.value()); }
};

/// As text, because that is what a query gives. Lower-case digits sort like the bytes they stand for.
template <>
struct index_codec<uuid> {
  static constexpr auto order = field_order::text;
  static void append(std::string& key, uuid const& value) { append_text(key, value.str()); }
};

template <>
struct index_codec<timestamp> {
  static constexpr auto order = field_order::time;
  static void append(std::string& key, timestamp value) { append_time(key, value); }
};

template <class T>
concept sortable = requires { index_codec<T>::order; };

template <sortable T>
struct index_codec<std::optional<T>> {
  static constexpr auto order = index_codec<T>::order;
  static void append(std::string& key, std::optional<T> const& value) {
    if (!value) return append_absent(key);
    append_present(key);
    index_codec<T>::append(key, *value);
  }
};

}  // namespace evoke::detail
