#include "http/percent.hpp"

#include <catch2/catch.hpp>

using namespace evoke::http;

namespace {

std::string decoded(std::string_view text, plus_sign plus = plus_sign::literal) {
  std::string out;
  return percent_decode(text, plus, out) ? out : "refused";
}

std::string encoded(std::string_view text) {
  std::string out;
  percent_encode(text, out);
  return out;
}

}  // namespace

TEST_CASE("percent-escapes are undone") {
  CHECK(decoded("") == "");
  CHECK(decoded("c-1") == "c-1");
  CHECK(decoded("a%20b") == "a b");
  CHECK(decoded("%C3%a9") == "\xC3\xA9");
  CHECK(decoded("100%25") == "100%");
  CHECK(decoded("a%2Fb") == "a/b");
}

TEST_CASE("broken percent-escapes are refused") {
  for (std::string_view const broken : {"%", "%2", "a%", "%zz", "%2g", "%%20", "%-1"}) {
    INFO(broken);
    CHECK(decoded(broken) == "refused");
  }
}

TEST_CASE("an escaped NUL is refused") {
  CHECK(decoded("a%00b") == "refused");
}

TEST_CASE("escapes that are not UTF-8 are refused") {
  for (std::string_view const broken : {"%ff", "%C3", "%C0%80", "%ED%A0%80", "%F5%80%80%80", "%80"}) {
    INFO(broken);
    CHECK(decoded(broken) == "refused");
  }
}

TEST_CASE("a plus sign is a space in a query only") {
  CHECK(decoded("a+b", plus_sign::literal) == "a+b");
  CHECK(decoded("a+b", plus_sign::space) == "a b");
  CHECK(decoded("a%2Bb", plus_sign::space) == "a+b");
}

TEST_CASE("everything but unreserved characters is escaped") {
  CHECK(encoded("Az09-._~") == "Az09-._~");
  CHECK(encoded("a b/c?d#e%") == "a%20b%2Fc%3Fd%23e%25");
  CHECK(encoded("\xC3\xA9") == "%C3%A9");
}

TEST_CASE("what was escaped is decoded to itself") {
  std::string all;
  for (int c = 1; c < 128; ++c) all.push_back(static_cast<char>(c));
  all.append("\xE2\x82\xAC");
  CHECK(decoded(encoded(all)) == all);
}
