#pragma once

#include <evoke/json/field_errors.hpp>
#include <evoke/json/schema.hpp>
#include <evoke/json/writer.hpp>

#include <boost/describe.hpp>

#include <concepts>
#include <limits>
#include <string>
#include <type_traits>
#include <utility>
#include <variant>

namespace evoke::json {
namespace detail {

template <class T>
concept described_struct = std::is_class_v<T> && boost::describe::has_describe_members<T>::value;
template <class T>
concept described_enum = std::is_enum_v<T> && boost::describe::has_describe_enumerators<T>::value;
template <class T>
concept character =
    std::same_as<T, char> || std::same_as<T, wchar_t> || std::same_as<T, char8_t> || std::same_as<T, char16_t> || std::same_as<T, char32_t>;
template <class T>
concept plain_integer = std::integral<T> && !std::same_as<T, bool> && !character<T>;

/// Stands in where there is no codec, so that the assertion that says so stands alone in the compiler's output.
template <class T>
struct no_codec {
  static void read(value, T&, field_errors&) {}
  static bool write(T const&, writer&) { return false; }
  static void describe(schema_builder&) {}
};

template <class T>
inline constexpr bool is_variant = false;
template <class... Ts>
inline constexpr bool is_variant<std::variant<Ts...>> = true;

}  // namespace detail

/// How a C++ type is written as JSON. There is one for: bool, all integer types, float, double, std::string, std::optional, std::vector,
/// std::array, std::map and std::unordered_map with string keys, enums and structs that are described with Boost.Describe, evoke's ids and
/// timestamp. Specialise it for a type of your own that needs another form:
///
///     template <> struct evoke::json::codec<money> {
///       static void read(value in, money& out, field_errors& errors);   // every misfit goes to errors; out may be left half read
///       static bool write(money const& from, writer& out);              // false after out.refuse("...")
///       static void describe(schema_builder& out);                      // keywords of its JSON Schema
///     };
template <class T>
struct codec : detail::no_codec<T> {
  static constexpr bool known = false;
  static_assert(!std::is_enum_v<T> || known,
                "evoke: this enum has no description, so its enumerators have no names in JSON. "
                "Remedy: write BOOST_DESCRIBE_ENUM(the_enum, first, second, ...) in its namespace, before its first use.");
  static_assert(
      !detail::is_variant<T> || known,
      "evoke: std::variant has no JSON form. "
      "Remedy: use a struct with one std::optional field per alternative, or specialise evoke::json::codec for a type of your own.");
  static_assert(
      !std::is_pointer_v<T> || known,
      "evoke: a pointer has no JSON form. Remedy: hold the value itself, in std::optional or std::vector where it may be absent.");
  static_assert(
      !detail::character<T> || known,
      "evoke: a single character has no JSON form. Remedy: use std::string for text, std::int8_t or std::uint8_t for a small number.");
  static_assert(!std::is_class_v<T> || detail::is_variant<T> || known,
                "evoke: this type has no JSON form: it has no description, or more than the 52 members that Boost.Describe can take. "
                "Remedy: write BOOST_DESCRIBE_STRUCT(the_type, (), (member, ...)) in its namespace, before its first use; put fields "
                "beyond 52 into a nested or base struct; for a type that is not yours specialise evoke::json::codec.");
  static_assert(std::is_enum_v<T> || detail::is_variant<T> || std::is_pointer_v<T> || detail::character<T> || std::is_class_v<T> || known,
                "evoke: this type has no JSON form. See evoke::json::codec for those that have one.");
};

template <>
struct codec<bool> {
  static void read(value in, bool& out, field_errors& errors) {
    if (auto const read = in.as_bool()) {
      out = *read;
    } else {
      errors.wrong_kind(in, "a boolean");
    }
  }
  static bool write(bool from, writer& out) {
    out.boolean(from);
    return true;
  }
  static void describe(schema_builder& out) { out.type("boolean"); }
};

namespace detail {

/// Says why `in` is not an integer in this range.
void refuse_integer(value in, std::string_view least, std::string_view greatest, field_errors& errors);
void describe_integer(schema_builder& out, std::string_view least, std::string_view greatest);

}  // namespace detail

/// Exact over the whole range of the type. A number written with a fraction or an exponent is no integer, also 1.0 and 1e3: what a client
/// writes so it may also round.
template <detail::plain_integer T>
struct codec<T> {
  static void read(value in, T& out, field_errors& errors) {
    if (auto const read = in.as_integer<T>()) {
      out = *read;
    } else {
      detail::refuse_integer(in, std::to_string(std::numeric_limits<T>::min()), std::to_string(std::numeric_limits<T>::max()), errors);
    }
  }
  static bool write(T from, writer& out) {
    out.integer(from);
    return true;
  }
  static void describe(schema_builder& out) {
    detail::describe_integer(out, std::to_string(std::numeric_limits<T>::min()), std::to_string(std::numeric_limits<T>::max()));
  }
};

/// Finite only. Money is better an integer of minor units.
template <>
struct codec<double> {
  static void read(value in, double& out, field_errors& errors);
  static bool write(double from, writer& out) { return out.number(from); }
  static void describe(schema_builder& out) { out.type("number"); }
};
template <>
struct codec<float> {
  static void read(value in, float& out, field_errors& errors);
  static bool write(float from, writer& out) { return out.number(from); }
  static void describe(schema_builder& out);
};

template <>
struct codec<std::string> {
  static void read(value in, std::string& out, field_errors& errors) {
    if (auto const read = in.as_string()) {
      out = *read;
    } else {
      errors.wrong_kind(in, "a string");
    }
  }
  static bool write(std::string const& from, writer& out) { return out.string(from); }
  static void describe(schema_builder& out) { out.type("string"); }
};

}  // namespace evoke::json
