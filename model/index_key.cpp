#include "model/index_key.hpp"

#include <evoke/utf8.hpp>

#include <charconv>

namespace evoke {
namespace detail {
namespace {

constexpr std::uint64_t sign_bit = std::uint64_t{1} << 63U;

}  // namespace

void append_absent(std::string& key) {
  key += '\x00';
}

void append_present(std::string& key) {
  key += '\x01';
}

void append_boolean(std::string& key, bool value) {
  key += value ? '\x01' : '\x00';
}

void append_signed(std::string& key, std::int64_t value) {
  append_unsigned(key, static_cast<std::uint64_t>(value) ^ sign_bit);
}

void append_unsigned(std::string& key, std::uint64_t value) {
  char bytes[8];
  for (std::size_t i = 0; i < 8; ++i) bytes[i] = static_cast<char>(static_cast<unsigned char>(value >> (56 - 8 * i)));
  key.append(bytes, 8);
}

void append_text(std::string& key, std::string_view value) {
  for (auto zero = value.find('\0'); zero != std::string_view::npos; zero = value.find('\0')) {
    key.append(value.substr(0, zero + 1)) += '\xFF';
    value.remove_prefix(zero + 1);
  }
  key.append(value).append(2, '\0');
}

void append_time(std::string& key, timestamp value) {
  append_signed(key, value.time_since_epoch().count());
}

void append_enumerator(std::string& key, std::span<json::detail::enumerator const> all, long long value) {
  for (auto const& each : all)
    if (each.value == value) return append_text(key, each.name);
  append_text(key, {});
}

}  // namespace detail

namespace {

std::unexpected<failure> misfit(index_field const& field, std::string_view wanted, std::string_view text) {
  text = text.substr(0, utf8_prefix(text.substr(0, 100)));  // messages are shown, so they are UTF-8
  return fail(errc::invalid_argument, "field '" + field.name + "': '" + std::string(text) + "' is not " + std::string(wanted));
}

/// As JSON writes integers: no plus sign, no leading zeros.
template <class Integer>
std::optional<Integer> read_integer(std::string_view text) {
  auto const digits = text.starts_with('-') ? text.substr(1) : text;
  if (digits.empty() || (digits.front() == '0' && digits.size() > 1)) return std::nullopt;
  if (text == "-0") return Integer{0};  // from_chars takes no sign for unsigned types
  Integer number{};
  auto const* const begin = text.data();
  auto const* const end = begin + text.size();
  auto const read = std::from_chars(begin, end, number);
  return read.ec == std::errc{} && read.ptr == end ? std::optional{number} : std::nullopt;
}

result<void> append_value(std::string& key, index_field const& field, std::string_view text) {
  switch (field.order) {
    case field_order::boolean:
      if (text != "true" && text != "false") return misfit(field, "true or false", text);
      detail::append_boolean(key, text == "true");
      break;
    case field_order::signed_number: {
      auto const number = read_integer<std::int64_t>(text);
      if (!number) return misfit(field, "an integer from -9223372036854775808 to 9223372036854775807", text);
      detail::append_signed(key, *number);
      break;
    }
    case field_order::unsigned_number: {
      auto const number = read_integer<std::uint64_t>(text);
      if (!number) return misfit(field, "an integer from 0 to 18446744073709551615", text);
      detail::append_unsigned(key, *number);
      break;
    }
    case field_order::text: detail::append_text(key, text); break;
    case field_order::time: {
      auto const time = parse_rfc3339(text);
      if (!time) return misfit(field, "an RFC 3339 time", text);
      detail::append_time(key, *time);
      break;
    }
  }
  return {};
}

}  // namespace

result<std::string> encode_field_text(index_field const& field, std::optional<std::string_view> text) {
  std::string key;
  if (!text) {
    if (!field.optional) return fail(errc::invalid_argument, "field '" + field.name + "' is never absent");
    detail::append_absent(key);
    return key;
  }
  if (field.optional) detail::append_present(key);
  if (auto appended = append_value(key, field, *text); !appended) return fail(std::move(appended.error()));
  return key;
}

std::optional<std::string> behind_prefix(std::string prefix) {
  while (!prefix.empty() && prefix.back() == '\xFF') prefix.pop_back();
  if (prefix.empty()) return std::nullopt;
  prefix.back() = static_cast<char>(static_cast<unsigned char>(prefix.back()) + 1);
  return prefix;
}

}  // namespace evoke
