#pragma once

#include <evoke/json.hpp>

#include <array>
#include <boost/describe.hpp>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

/// Types with every kind of field that JSON knows.
namespace sample {

enum class colour { red, green, blue };
BOOST_DESCRIBE_ENUM(colour, red, green, blue)

struct point {
  std::int32_t x = 0;
  std::int32_t y = 0;
  friend bool operator==(point const&, point const&) = default;
};
BOOST_DESCRIBE_STRUCT(point, (), (x, y))

/// Holds itself.
struct tree {
  std::string name;
  std::vector<tree> children;
  friend bool operator==(tree const&, tree const&) = default;
};
BOOST_DESCRIBE_STRUCT(tree, (), (name, children))

struct integers {
  std::int8_t i8 = 0;
  std::uint8_t u8 = 0;
  std::int16_t i16 = 0;
  std::uint16_t u16 = 0;
  std::int32_t i32 = 0;
  std::uint32_t u32 = 0;
  std::int64_t i64 = 0;
  std::uint64_t u64 = 0;
  friend bool operator==(integers const&, integers const&) = default;
};
BOOST_DESCRIBE_STRUCT(integers, (), (i8, u8, i16, u16, i32, u32, i64, u64))

struct base {
  std::string id;
  friend bool operator==(base const&, base const&) = default;
};
BOOST_DESCRIBE_STRUCT(base, (), (id))
struct derived : base {
  int extra = 0;
  friend bool operator==(derived const&, derived const&) = default;
};
BOOST_DESCRIBE_STRUCT(derived, (base), (extra))

struct everything {
  bool flag = false;
  integers numbers;
  double real = 0;
  float small_real = 0;
  std::string text;
  colour shade = colour::red;
  std::optional<std::int32_t> maybe;
  std::optional<point> maybe_point;
  std::vector<point> points;
  std::vector<bool> flags;
  std::vector<std::optional<int>> holes;
  std::array<std::int16_t, 3> triple{};
  std::map<std::string, std::vector<std::uint64_t>> sorted;
  std::unordered_map<std::string, double> hashed;
  tree plant;
  derived child;
  evoke::timestamp when{};
  evoke::uuid key;
  evoke::aggregate_id id;
  evoke::version version;
  friend bool operator==(everything const&, everything const&) = default;
};
BOOST_DESCRIBE_STRUCT(everything, (),
                      (flag, numbers, real, small_real, text, shade, maybe, maybe_point, points, flags, holes, triple, sorted, hashed,
                       plant, child, when, key, id, version))

struct nothing_in_it {
  friend bool operator==(nothing_in_it const&, nothing_in_it const&) = default;
};
BOOST_DESCRIBE_STRUCT(nothing_in_it, (), ())

}  // namespace sample
