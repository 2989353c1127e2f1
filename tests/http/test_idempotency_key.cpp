#include "http/idempotency_key.hpp"

#include <catch2/catch.hpp>

using namespace evoke::http;

TEST_CASE("an idempotency key is a quoted string") {
  CHECK(parse_idempotency_key("\"8e03978e-40d5\"").value() == "8e03978e-40d5");
  CHECK(parse_idempotency_key("  \"a b\"  ").value() == "a b");
  CHECK(parse_idempotency_key(R"("say \"hi\" \\ there")").value() == R"(say "hi" \ there)");
}

TEST_CASE("an idempotency key may be bare") {
  CHECK(parse_idempotency_key("8e03978e-40d5-43dd").value() == "8e03978e-40d5-43dd");
  CHECK(parse_idempotency_key("order:17/line_3").value() == "order:17/line_3");
}

TEST_CASE("a bare key and a quoted one are the same key") {
  CHECK(parse_idempotency_key("k1").value() == parse_idempotency_key("\"k1\"").value());
}

TEST_CASE("parameters behind an idempotency key are read past") {
  CHECK(parse_idempotency_key("\"k\";v=1").value() == "k");
  CHECK(parse_idempotency_key("k; v=1").value() == "k");
}

TEST_CASE("malformed idempotency keys are refused") {
  for (std::string_view const broken : {"", " ", "\"\"", "\"", "\"k", "k\"", "\"k\" x", "\"k\", \"l\"", "k, l", "a b", "\"\\x\"", "\"k\\\"",
                                        "\"\xC3\xA9\"", "\xC3\xA9", "\"a\tb\"", "\"\x01k\"", ";v=1"}) {
    INFO(broken);
    auto const key = parse_idempotency_key(broken);
    REQUIRE_FALSE(key);
    CHECK(key.error().code == evoke::errc::invalid_argument);
  }
}

TEST_CASE("an idempotency key has at most 128 bytes") {
  CHECK(parse_idempotency_key(std::string(128, 'k')));
  CHECK_FALSE(parse_idempotency_key(std::string(129, 'k')));
  CHECK(parse_idempotency_key("\"" + std::string(128, 'k') + "\""));
  CHECK_FALSE(parse_idempotency_key("\"" + std::string(129, 'k') + "\""));
}
