#pragma once

#include <evoke/json/codec.hpp>

#include <string>
#include <utility>

namespace evoke::json {

/// Any JSON value, kept as its minified text: numbers as they were written. Empty text stands for null.
struct text {
  std::string json{};

  friend bool operator==(text const&, text const&) = default;
};

template <>
struct codec<text> {
  static void read(value in, text& out, field_errors&) {
    out.json.clear();
    writer{out.json}.copy(in);
  }
  static bool write(text const& from, writer& out) {
    out.raw(from.json.empty() ? std::string_view("null") : std::string_view(from.json));
    return true;
  }
  static void describe(schema_builder&) {}
};

}  // namespace evoke::json
