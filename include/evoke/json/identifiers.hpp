#pragma once

#include <evoke/ids.hpp>
#include <evoke/json/codec.hpp>
#include <evoke/time.hpp>

/// evoke's own strong types as fields.
namespace evoke::json {
namespace detail {

/// The text of a string, nothing after adding to `errors`.
std::optional<std::string_view> expect_string(value in, field_errors& errors);

}  // namespace detail

/// aggregate_id, aggregate_type, event_type, command_name: a string that follows the rule of its kind. An empty one, as it is by default,
/// is written and read as "".
template <class Rule>
struct codec<identifier<Rule>> {
  static void read(value in, identifier<Rule>& out, field_errors& errors) {
    auto const text = detail::expect_string(in, errors);
    if (!text) return;
    if (text->empty()) return void(out = {});
    auto parsed = identifier<Rule>::parse(*text);
    if (!parsed) return errors.add(in, std::move(parsed.error().message));
    out = std::move(*parsed);
  }
  static bool write(identifier<Rule> const& from, writer& out) {
    if (!from.str().empty())
      if (auto const checked = Rule::check(from.str()); !checked) return out.refuse(checked.error().message);
    return out.string(from.str());
  }
  static void describe(schema_builder& out) { out.type("string"); }
};

/// version, position: an integer from 0 to 2^64-1.
template <class Tag>
struct codec<ordinal<Tag>> {
  static void read(value in, ordinal<Tag>& out, field_errors& errors) {
    std::uint64_t number = 0;
    codec<std::uint64_t>::read(in, number, errors);
    out = ordinal<Tag>{number};
  }
  static bool write(ordinal<Tag> from, writer& out) { return codec<std::uint64_t>::write(from.value(), out); }
  static void describe(schema_builder& out) { codec<std::uint64_t>::describe(out); }
};

template <>
struct codec<uuid> {
  static void read(value in, uuid& out, field_errors& errors);
  static bool write(uuid const& from, writer& out) { return out.string(from.str()); }
  static void describe(schema_builder& out);
};

/// RFC 3339. Written in UTC with six decimals, read with any offset; finer than microseconds is cut. Years 0000 to 9999 only.
template <>
struct codec<timestamp> {
  static void read(value in, timestamp& out, field_errors& errors);
  static bool write(timestamp from, writer& out);
  static void describe(schema_builder& out);
};

}  // namespace evoke::json
