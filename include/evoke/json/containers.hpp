#pragma once

#include <evoke/json/codec.hpp>

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace evoke::json {
namespace detail {

/// False after adding to `errors`.
bool expect_array(value in, field_errors& errors);
bool expect_array_of(value in, std::size_t size, field_errors& errors);
bool expect_map(value in, field_errors& errors);

template <class Range>
bool write_array(Range const& from, writer& out) {
  if (!out.begin_array()) return false;
  std::size_t index = 0;
  for (typename Range::value_type const& each : from) {
    if (!codec<typename Range::value_type>::write(each, out)) return out.within(index);
    ++index;
  }
  out.end_array();
  return true;
}

template <class Value>
bool write_member(std::string const& name, Value const& each, writer& out) {
  if (!out.key(name)) return out.refuse("has a name that is not valid UTF-8");  // the name itself cannot stand in a pointer
  return codec<Value>::write(each, out) || out.within(name);
}

template <class Map>
void read_map(value in, Map& out, field_errors& errors) {
  if (!expect_map(in, errors)) return;
  out.clear();
  for (auto const& [name, each] : in.members()) codec<typename Map::mapped_type>::read(each, out[std::string(name)], errors);
}

template <class Value>
void describe_map(schema_builder& out) {
  out.type("object");
  out.nested("additionalProperties", [](schema_builder& inner) { codec<Value>::describe(inner); });
}

}  // namespace detail

/// A member that may be absent or null; left out when empty. As an element of an array or map an empty one is null.
template <class T>
struct codec<std::optional<T>> {
  static void read(value in, std::optional<T>& out, field_errors& errors) {
    if (in.is_null()) return out.reset();
    codec<T>::read(in, out.emplace(), errors);
  }
  static bool write(std::optional<T> const& from, writer& out) {
    if (from) return codec<T>::write(*from, out);
    out.null();
    return true;
  }
  static void describe(schema_builder& out) {
    out.allow_null();
    codec<T>::describe(out);
  }
};

template <class T>
struct codec<std::optional<std::optional<T>>> : detail::no_codec<std::optional<std::optional<T>>> {
  static_assert(!sizeof(T),
                "evoke: an optional of an optional has no JSON form: absent and null mean the same. Remedy: one std::optional.");
};

template <class T, class Allocator>
struct codec<std::vector<T, Allocator>> {
  static void read(value in, std::vector<T, Allocator>& out, field_errors& errors) {
    if (!detail::expect_array(in, errors)) return;
    out.clear();
    out.reserve(in.size());
    for (auto const each : in.elements()) {
      T element{};
      codec<T>::read(each, element, errors);
      out.push_back(std::move(element));
    }
  }
  static bool write(std::vector<T, Allocator> const& from, writer& out) { return detail::write_array(from, out); }
  static void describe(schema_builder& out) {
    out.type("array");
    out.nested("items", [](schema_builder& inner) { codec<T>::describe(inner); });
  }
};

/// An array of exactly N elements.
template <class T, std::size_t N>
struct codec<std::array<T, N>> {
  static void read(value in, std::array<T, N>& out, field_errors& errors) {
    if (!detail::expect_array_of(in, N, errors)) return;
    std::size_t index = 0;
    for (auto const each : in.elements()) codec<T>::read(each, out[index++], errors);
  }
  static bool write(std::array<T, N> const& from, writer& out) { return detail::write_array(from, out); }
  static void describe(schema_builder& out) {
    out.type("array");
    out.nested("items", [](schema_builder& inner) { codec<T>::describe(inner); });
    out.keyword("minItems", std::to_string(N));
    out.keyword("maxItems", std::to_string(N));
  }
};

/// An open object. Names go out in the map's order, which for the default comparison is byte order.
template <class T, class Compare, class Allocator>
struct codec<std::map<std::string, T, Compare, Allocator>> {
  using map = std::map<std::string, T, Compare, Allocator>;
  static void read(value in, map& out, field_errors& errors) { detail::read_map(in, out, errors); }
  static bool write(map const& from, writer& out) {
    if (!out.begin_object()) return false;
    for (auto const& [name, each] : from)
      if (!detail::write_member(name, each, out)) return false;
    out.end_object();
    return true;
  }
  static void describe(schema_builder& out) { detail::describe_map<T>(out); }
};

/// An open object. Names go out in byte order, so that equal maps are equal text.
template <class T, class Hash, class Equal, class Allocator>
struct codec<std::unordered_map<std::string, T, Hash, Equal, Allocator>> {
  using map = std::unordered_map<std::string, T, Hash, Equal, Allocator>;
  static void read(value in, map& out, field_errors& errors) { detail::read_map(in, out, errors); }
  static bool write(map const& from, writer& out) {
    std::vector<typename map::value_type const*> sorted;
    sorted.reserve(from.size());
    for (auto const& each : from) sorted.push_back(&each);
    std::ranges::sort(sorted, {}, [](auto const* each) -> std::string const& { return each->first; });
    if (!out.begin_object()) return false;
    for (auto const* each : sorted)
      if (!detail::write_member(each->first, each->second, out)) return false;
    out.end_object();
    return true;
  }
  static void describe(schema_builder& out) { detail::describe_map<T>(out); }
};

}  // namespace evoke::json
