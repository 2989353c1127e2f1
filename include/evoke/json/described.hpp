#pragma once

#include <evoke/json/codec.hpp>

#include <boost/mp11.hpp>

#include <array>
#include <optional>
#include <span>
#include <string_view>

/// Enums and structs, by their Boost.Describe description. The templates only lay tables of plain functions; what walks the tables is
/// compiled once, in model/json_described.cpp.
namespace evoke::json::detail {

/// One field of a struct whose type is only known to the functions here.
struct field {
  std::string_view name;
  bool may_be_absent;
  void (*read)(value in, void* object, field_errors& errors);
  bool (*write)(void const* object, writer& out);
  bool (*is_absent)(void const* object);  ///< nullptr when it never is
  schema_builder::describer describe;
};

/// Of one struct with all its bases.
inline constexpr std::size_t max_fields = 256;

void read_object(std::span<field const> fields, value in, void* object, field_errors& errors);
bool write_object(std::span<field const> fields, void const* object, writer& out);
void describe_object(std::span<field const> fields, void const* tag, schema_builder::describer self, schema_builder& out);

/// Its address stands for the type. A function's would not: Boost.Describe's descriptors are local to each file, and so is what is made of
/// them. Not const: equal constants may be merged.
template <class T>
inline char type_tag = 0;

struct enumerator {
  std::string_view name;
  long long value;
};

/// nullptr after adding to `errors`.
enumerator const* read_enumerator(std::span<enumerator const> all, value in, field_errors& errors);
bool write_enumerator(std::span<enumerator const> all, long long value, writer& out);
void describe_enumerators(std::span<enumerator const> all, schema_builder& out);

template <class T>
inline constexpr bool is_optional = false;
template <class T>
inline constexpr bool is_optional<std::optional<T>> = true;

/// Members of base classes come first, as if they stood in the struct itself. A base's member that the struct hides is left out.
template <class T>
using members_of = boost::describe::describe_members<T, boost::describe::mod_any_access | boost::describe::mod_inherited>;

template <class T, class Member>
constexpr field make_field() {
  using type = std::remove_cvref_t<decltype(std::declval<T&>().*Member::pointer)>;
  field made{
      Member::name,
      is_optional<type>,
      [](value in, void* object, field_errors& errors) { codec<type>::read(in, static_cast<T*>(object)->*Member::pointer, errors); },
      [](void const* object, writer& out) { return codec<type>::write(static_cast<T const*>(object)->*Member::pointer, out); },
      nullptr,
      [](schema_builder& out) { codec<type>::describe(out); },
  };
  if constexpr (is_optional<type>)
    made.is_absent = [](void const* object) { return !(static_cast<T const*>(object)->*Member::pointer).has_value(); };
  return made;
}

template <class T, template <class...> class List, class... Members>
constexpr auto make_fields(List<Members...>) {
  return std::array<field, sizeof...(Members)>{make_field<T, Members>()...};
}

template <class T>
inline constexpr auto fields_of = make_fields<T>(members_of<T>{});

template <class T, template <class...> class List, class... Enumerators>
constexpr auto make_enumerators(List<Enumerators...>) {
  return std::array<enumerator, sizeof...(Enumerators)>{enumerator{Enumerators::name, static_cast<long long>(Enumerators::value)}...};
}

template <class T>
inline constexpr auto enumerators_of = make_enumerators<T>(boost::describe::describe_enumerators<T>{});

template <std::size_t N>
constexpr bool names_differ(std::array<field, N> const& fields) {
  for (std::size_t i = 0; i < N; ++i)
    for (std::size_t j = 0; j < i; ++j)
      if (fields[i].name == fields[j].name) return false;
  return true;
}

}  // namespace evoke::json::detail

namespace evoke::json {

/// A struct is a closed object: every field that is not std::optional is required, any other name is refused.
template <detail::described_struct T>
struct codec<T> {
  static_assert(detail::names_differ(detail::fields_of<T>),
                "evoke: two bases of this struct have a member of the same name, which JSON cannot tell apart. Remedy: rename one.");

  static_assert(
      !detail::fields_of<T>.empty() || std::is_empty_v<T>,
      "evoke: this struct has members, but its description has none. Remedy: list them in BOOST_DESCRIBE_STRUCT; it takes at most "
      "52, so put fields beyond 52 into a nested or base struct.");
  static_assert(detail::fields_of<T>.size() <= detail::max_fields, "evoke: this struct and its bases have more than 256 members.");

  static void read(value in, T& out, field_errors& errors) { detail::read_object(detail::fields_of<T>, in, &out, errors); }
  static bool write(T const& from, writer& out) { return detail::write_object(detail::fields_of<T>, &from, out); }
  static void describe(schema_builder& out) { detail::describe_object(detail::fields_of<T>, &detail::type_tag<T>, &codec::describe, out); }
};

/// By the enumerators' names.
template <detail::described_enum T>
struct codec<T> {
  static void read(value in, T& out, field_errors& errors) {
    if (auto const* read = detail::read_enumerator(detail::enumerators_of<T>, in, errors)) out = static_cast<T>(read->value);
  }
  static bool write(T from, writer& out) { return detail::write_enumerator(detail::enumerators_of<T>, static_cast<long long>(from), out); }
  static void describe(schema_builder& out) { detail::describe_enumerators(detail::enumerators_of<T>, out); }
};

}  // namespace evoke::json
