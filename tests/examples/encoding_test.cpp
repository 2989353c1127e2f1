#include "replay/encoding.hpp"

#include <evoke/utf8.hpp>

#include <catch2/catch.hpp>

namespace {

using replay::to_utf8;

TEST_CASE("valid UTF-8 stays as it is") {
  for (auto const* text : {"", "plain",
                           "\xC2\xA3"
                           "40",
                           "caf\xC3\xA9", "\xE2\x82\xAC", "\xF0\x9F\x8E\x81"})
    CHECK(to_utf8(text) == text);
}

TEST_CASE("what is no UTF-8 is read as Windows-1252") {
  CHECK(to_utf8("Gift Voucher \xA3"
                "40.00") ==
        "Gift Voucher \xC2\xA3"
        "40.00");
  CHECK(to_utf8("caf\xE9") == "caf\xC3\xA9");
  CHECK(to_utf8("\x80 5") == "\xE2\x82\xAC 5");                                                      // euro
  CHECK(to_utf8("\x93so\x94 \x96 \x99") == "\xE2\x80\x9Cso\xE2\x80\x9D \xE2\x80\x93 \xE2\x84\xA2");  // quotes, dash, trade mark
}

TEST_CASE("a text that is UTF-8 only in part is Windows-1252 as a whole") {
  CHECK(to_utf8("\xC2\xA3 \xA3") == "\xC3\x82\xC2\xA3 \xC2\xA3");
}

TEST_CASE("every single byte becomes valid UTF-8") {
  for (int byte = 0; byte < 256; ++byte) {
    INFO(byte);
    auto const text = to_utf8(std::string(1, static_cast<char>(byte)));
    CHECK(evoke::is_utf8(text));
    CHECK_FALSE(text.empty());
  }
}

}  // namespace
