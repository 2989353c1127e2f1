#include <evoke/utf8.hpp>

#include <catch2/catch.hpp>
#include <string>

using evoke::is_utf8;
using evoke::utf8_prefix;

TEST_CASE("Every code point but the surrogates is valid UTF-8, and is taken off whole") {
  auto const encode = [](char32_t code) {
    std::string out;
    auto const add = [&](char32_t bits) { out += static_cast<char>(static_cast<unsigned char>(bits)); };
    if (code < 0x80) {
      add(code);
    } else if (code < 0x800) {
      add(0xC0U | (code >> 6U)), add(0x80U | (code & 0x3FU));
    } else if (code < 0x10000) {
      add(0xE0U | (code >> 12U)), add(0x80U | ((code >> 6U) & 0x3FU)), add(0x80U | (code & 0x3FU));
    } else {
      add(0xF0U | (code >> 18U)), add(0x80U | ((code >> 12U) & 0x3FU)), add(0x80U | ((code >> 6U) & 0x3FU)), add(0x80U | (code & 0x3FU));
    }
    return out;
  };
  std::size_t wrong = 0;
  for (char32_t code = 0; code < 0x111000; ++code) {
    auto const text = encode(code);
    bool const expected = code <= 0x10FFFF && (code < 0xD800 || code > 0xDFFF);
    if (is_utf8(text) != expected) ++wrong;
    if (!expected) continue;
    std::string_view rest = text;
    if (evoke::take_code_point(rest) != code || !rest.empty()) ++wrong;
  }
  CHECK(wrong == 0);
}

TEST_CASE("Overlong forms are refused") {
  CHECK_FALSE(is_utf8("\xC0\x80"));
  CHECK_FALSE(is_utf8("\xC1\xBF"));
  CHECK_FALSE(is_utf8("\xE0\x9F\xBF"));
  CHECK_FALSE(is_utf8("\xF0\x8F\xBF\xBF"));
}

TEST_CASE("The valid beginning ends before the first sequence that is broken or cut off") {
  CHECK(utf8_prefix("") == 0);
  CHECK(utf8_prefix("abc") == 3);
  CHECK(utf8_prefix("abc\xFF") == 3);
  CHECK(utf8_prefix("12345678901234567890\x80") == 20);
  CHECK(utf8_prefix("\xC3\xA9\xC3") == 2);
  CHECK(utf8_prefix("\xE2\x82") == 0);
  CHECK(utf8_prefix("\xF0\x9F\x98") == 0);
  CHECK(utf8_prefix("1234567\xC3\xA9 12345678") == 18);
}
