#include "model/index_key.hpp"

#include "tests/model/random_source.hpp"
#include "tests/model/sample_types.hpp"

#include <evoke/utf8.hpp>

#include <catch2/catch.hpp>

#include <algorithm>

namespace {

using evoke::field_order;
using evoke::index_field;

template <class T>
std::string key_of(T const& value) {
  std::string key;
  evoke::detail::index_codec<T>::append(key, value);
  return key;
}

template <class T>
index_field field_of() {
  return {"f", evoke::detail::index_codec<T>::order, evoke::json::detail::is_optional<T>};
}

/// An enumerator that is not described.
enum class half_told : std::uint8_t { told, untold };
BOOST_DESCRIBE_ENUM(half_told, told)

/// Less, the same, greater.
template <class T>
int compare(T const& left, T const& right) {
  return left < right ? -1 : (right < left ? 1 : 0);
}
/// As memcmp does; std::string compares chars as unsigned.
int compare_bytes(std::string const& left, std::string const& right) {
  auto const order = left.compare(right);
  return order < 0 ? -1 : (order > 0 ? 1 : 0);
}

/// Text like random_source's, but short and often with zero bytes, so that equal beginnings and prefixes are common.
std::string short_text(random_source& random) {
  std::string out;
  auto const size = random.below(5);
  for (std::uint64_t i = 0; i < size; ++i) {
    static constexpr char bytes[] = {'\0', '\x01', 'a', 'b', '\xFE', '\xFF'};
    out += bytes[random.below(std::size(bytes))];
  }
  return out;
}

template <class T>
T random_value(random_source& random) {
  if constexpr (std::same_as<T, bool>) {
    return random.coin();
  } else if constexpr (std::same_as<T, std::string>) {
    return random.coin() ? short_text(random) : random.text(8);
  } else if constexpr (std::same_as<T, evoke::timestamp>) {
    return evoke::timestamp{std::chrono::microseconds{random.integer<std::int64_t>()}};
  } else if constexpr (evoke::json::detail::is_optional<T>) {
    if (random.below(4) == 0) return std::nullopt;
    return random_value<typename T::value_type>(random);
  } else {
    return random.integer<T>();
  }
}

template <class T>
void check_order(random_source& random) {
  for (int i = 0; i < 3'000; ++i) {
    auto const left = random_value<T>(random);
    auto const right = random.below(8) == 0 ? left : random_value<T>(random);
    auto const left_key = key_of(left);
    auto const right_key = key_of(right);
    REQUIRE(compare_bytes(left_key, right_key) == compare(left, right));
    if (left_key != right_key) REQUIRE_FALSE(right_key.starts_with(left_key));
  }
}

}  // namespace

TEST_CASE("Keys sort like the values they are made of, and none is the beginning of another's") {
  random_source random;
  INFO("EVOKE_SEED=" << random.seed);
  check_order<bool>(random);
  check_order<std::int8_t>(random);
  check_order<std::int32_t>(random);
  check_order<std::int64_t>(random);
  check_order<std::uint16_t>(random);
  check_order<std::uint64_t>(random);
  check_order<std::string>(random);
  check_order<evoke::timestamp>(random);
  check_order<std::optional<bool>>(random);
  check_order<std::optional<std::int64_t>>(random);
  check_order<std::optional<std::string>>(random);
  check_order<std::optional<evoke::timestamp>>(random);
}

TEST_CASE("Keys of several fields sort field by field, and equal leading fields are one range of keys") {
  struct row {
    std::string first;
    std::optional<std::int64_t> second;
    std::string third;
    std::string key;
  };
  random_source random;
  INFO("EVOKE_SEED=" << random.seed);
  std::vector<row> rows;
  for (int i = 0; i < 400; ++i) {
    row made{short_text(random), random_value<std::optional<std::int64_t>>(random), short_text(random), {}};
    made.key = key_of(made.first) + key_of(made.second) + key_of(made.third);
    rows.push_back(std::move(made));
  }
  auto const values = [](row const& each) { return std::tie(each.first, each.second, each.third); };
  for (auto const& left : rows) {
    auto const prefix = key_of(left.first) + key_of(left.second);
    auto const behind = evoke::behind_prefix(prefix);
    for (auto const& right : rows) {
      REQUIRE(compare_bytes(left.key, right.key) == compare(values(left), values(right)));
      bool const same = left.first == right.first && left.second == right.second;
      REQUIRE(right.key.starts_with(prefix) == same);
      REQUIRE((right.key >= prefix && (!behind || right.key < *behind)) == same);
    }
  }
}

TEST_CASE("Every encoding has exactly these bytes: stored indexes hold them") {
  using namespace std::string_literals;
  CHECK(key_of(false) == "\x00"s);
  CHECK(key_of(true) == "\x01"s);
  CHECK(key_of(std::int32_t{0}) == "\x80\x00\x00\x00\x00\x00\x00\x00"s);
  CHECK(key_of(std::int8_t{-1}) == "\x7F\xFF\xFF\xFF\xFF\xFF\xFF\xFF"s);
  CHECK(key_of(std::int64_t{0x0102030405060708}) == "\x81\x02\x03\x04\x05\x06\x07\x08"s);
  CHECK(key_of(std::uint64_t{0x0102030405060708}) == "\x01\x02\x03\x04\x05\x06\x07\x08"s);
  CHECK(key_of(""s) == "\x00\x00"s);
  CHECK(key_of("ab"s) == "ab\x00\x00"s);
  CHECK(key_of("a\0b\0"s) == "a\x00\xFF"s + "b\x00\xFF\x00\x00"s);
  CHECK(key_of(sample::colour::green) == "green\x00\x00"s);
  CHECK(key_of(half_told::untold) == "\x00\x00"s);
  CHECK(key_of(evoke::timestamp{std::chrono::microseconds{1}}) == "\x80\x00\x00\x00\x00\x00\x00\x01"s);
  CHECK(key_of(std::optional<bool>{}) == "\x00"s);
  CHECK(key_of(std::optional{false}) == "\x01\x00"s);
  CHECK(key_of(evoke::version{7}) == key_of(std::uint64_t{7}));
  CHECK(key_of(evoke::aggregate_id::trusted("c-1")) == key_of("c-1"s));
  CHECK(key_of(evoke::uuid{}) == key_of("00000000-0000-0000-0000-000000000000"s));
}

TEST_CASE("A query's text encodes to the bytes of the value that it names") {
  random_source random;
  INFO("EVOKE_SEED=" << random.seed);
  for (int i = 0; i < 1'000; ++i) {
    auto const number = random.integer<std::int64_t>();
    CHECK(evoke::encode_field_text(field_of<std::int64_t>(), std::to_string(number)) == key_of(number));
    auto const natural = random.integer<std::uint64_t>();
    CHECK(evoke::encode_field_text(field_of<std::uint64_t>(), std::to_string(natural)) == key_of(natural));
    auto const text = random_value<std::string>(random);
    CHECK(evoke::encode_field_text(field_of<std::string>(), text) == key_of(text));
    auto const maybe = std::optional{random.integer<std::int32_t>()};
    CHECK(evoke::encode_field_text(field_of<std::optional<std::int32_t>>(), std::to_string(*maybe)) == key_of(maybe));
    auto const time = evoke::timestamp{std::chrono::microseconds{static_cast<std::int64_t>(random.below(4'000'000'000'000'000))}};
    CHECK(evoke::encode_field_text(field_of<evoke::timestamp>(), evoke::to_rfc3339(time)) == key_of(time));
  }
  CHECK(evoke::encode_field_text(field_of<bool>(), "true") == key_of(true));
  CHECK(evoke::encode_field_text(field_of<bool>(), "false") == key_of(false));
  CHECK(evoke::encode_field_text(field_of<std::int64_t>(), "-0") == key_of(std::int64_t{0}));
  CHECK(evoke::encode_field_text(field_of<std::uint64_t>(), "-0") == key_of(std::uint64_t{0}));
  CHECK(evoke::encode_field_text(field_of<sample::colour>(), "blue") == key_of(sample::colour::blue));
  CHECK(evoke::encode_field_text(field_of<std::optional<std::string>>(), std::nullopt) == key_of(std::optional<std::string>{}));
  CHECK(evoke::encode_field_text(field_of<std::optional<std::string>>(), "") == key_of(std::optional<std::string>{""}));
  CHECK(evoke::encode_field_text(field_of<evoke::timestamp>(), "2026-01-01T01:00:00+01:00") ==
        evoke::encode_field_text(field_of<evoke::timestamp>(), "2026-01-01T00:00:00Z"));
}

TEST_CASE("Text that is not of its field's form is refused, and the message names the field") {
  auto const refused = [](index_field const& field, std::optional<std::string_view> text) {
    auto const made = evoke::encode_field_text(field, text);
    REQUIRE_FALSE(made);
    CHECK(made.error().code == evoke::errc::invalid_argument);
    CHECK_THAT(made.error().message, Catch::Contains("field 'total'"));
    CHECK(evoke::is_utf8(made.error().message));
    CHECK(made.error().message.size() < 300);
  };
  index_field const number{"total", field_order::signed_number, false};
  index_field const natural{"total", field_order::unsigned_number, true};
  index_field const flag{"total", field_order::boolean, false};
  index_field const time{"total", field_order::time, false};
  for (auto const* text :
       {"", "-", "+5", "05", "00", "-01", "5 ", " 5", "1.0", "1e3", "0x5", "9223372036854775808", "-9223372036854775809", "\xFF"})
    refused(number, text);
  refused(number, std::string(1'000, '9'));
  refused(number, std::string(99, '9') + "\xC3\xA9");
  for (auto const* text : {"", "-1", "18446744073709551616", "five"}) refused(natural, text);
  for (auto const* text : {"", "1", "True", "yes"}) refused(flag, text);
  for (auto const* text : {"", "2026-01-01", "now", "2026-13-01T00:00:00Z"}) refused(time, text);
  for (auto const& field : {number, flag, time, index_field{"total", field_order::text, false}}) refused(field, std::nullopt);
}

TEST_CASE("Behind a prefix comes the least key that does not begin with it") {
  using namespace std::string_literals;
  CHECK(evoke::behind_prefix("ab") == "ac");
  CHECK(evoke::behind_prefix("a\xFF\xFF"s) == "b");
  CHECK(evoke::behind_prefix("a\x00"s) == "a\x01"s);
  CHECK_FALSE(evoke::behind_prefix(""));
  CHECK_FALSE(evoke::behind_prefix("\xFF\xFF"));
}
