#include <evoke/json/containers.hpp>
#include <evoke/json/identifiers.hpp>

namespace evoke::json {
namespace detail {

bool expect_array(value in, field_errors& errors) {
  if (in.is_array()) return true;
  errors.wrong_kind(in, "an array");
  return false;
}

bool expect_array_of(value in, std::size_t size, field_errors& errors) {
  if (!expect_array(in, errors)) return false;
  if (in.size() == size) return true;
  errors.add(in, "must have exactly " + std::to_string(size) + " elements, not " + std::to_string(in.size()));
  return false;
}

bool expect_map(value in, field_errors& errors) {
  if (in.is_object()) return true;
  errors.wrong_kind(in, "an object");
  return false;
}

std::optional<std::string_view> expect_string(value in, field_errors& errors) {
  auto const text = in.as_string();
  if (!text) errors.wrong_kind(in, "a string");
  return text;
}

}  // namespace detail

void codec<uuid>::read(value in, uuid& out, field_errors& errors) {
  auto const text = detail::expect_string(in, errors);
  if (!text) return;
  if (auto const parsed = uuid::parse(*text)) {
    out = *parsed;
  } else {
    errors.add(in, parsed.error().message);
  }
}

void codec<uuid>::describe(schema_builder& out) {
  out.type("string");
  out.text_keyword("format", "uuid");
}

void codec<timestamp>::read(value in, timestamp& out, field_errors& errors) {
  auto const text = detail::expect_string(in, errors);
  if (!text) return;
  if (auto const parsed = parse_rfc3339(*text)) {
    out = *parsed;
  } else {
    errors.add(in, "must be a time (RFC 3339): " + parsed.error().message);
  }
}

bool codec<timestamp>::write(timestamp from, writer& out) {
  auto const text = to_rfc3339(from);
  // Years before 0000 or after 9999 take more room than RFC 3339 has, and could not be read again.
  if (text.size() != std::string_view("2026-01-31T09:26:53.000123Z").size()) return out.refuse("is a time outside the years 0000 to 9999");
  return out.string(text);
}

void codec<timestamp>::describe(schema_builder& out) {
  out.type("string");
  out.text_keyword("format", "date-time");
}

}  // namespace evoke::json
