#include <evoke/context.hpp>
#include <evoke/ids.hpp>

#include <catch2/catch.hpp>
#include <set>

using evoke::uuid;

TEST_CASE("A UUID is written as it was read, in lower case") {
  auto const parsed = uuid::parse("0190A6B2-5C7D-8eef-9012-3456789abcDE");
  REQUIRE(parsed);
  CHECK(parsed->str() == "0190a6b2-5c7d-8eef-9012-3456789abcde");
  CHECK(parsed->version_field() == 8);
  CHECK(parsed->bytes()[0] == 0x01);
  CHECK(parsed->bytes()[15] == 0xDE);
}

TEST_CASE("The nil UUID is what a default one is") {
  CHECK(uuid{}.is_nil());
  CHECK(uuid{}.str() == "00000000-0000-0000-0000-000000000000");
  CHECK(uuid::parse("00000000-0000-0000-0000-000000000000")->is_nil());
}

TEST_CASE("What is no UUID is refused") {
  for (std::string const text :
       {"", "0190a6b2", "0190a6b2-5c7d-8eef-9012-3456789abcd", "0190a6b2-5c7d-8eef-9012-3456789abcdef",
        "0190a6b25c7d-8eef-9012-3456789abcde0", "{190a6b2-5c7d-8eef-9012-3456789abcde", "g190a6b2-5c7d-8eef-9012-3456789abcde",
        "0190a6b2-5c7d-8eef-9012-3456789abcd-", "0190a6b2 5c7d-8eef-9012-3456789abcde", "0190a6b-25c7d-8eef-9012-3456789abcde"}) {
    CAPTURE(text);
    auto const parsed = uuid::parse(text);
    REQUIRE_FALSE(parsed);
    CHECK(parsed.error().code == evoke::errc::invalid_argument);
  }
}

TEST_CASE("A context makes random UUIDs of version 4") {
  auto const id = evoke::aggregate_id::trusted("a");
  evoke::metadata const meta;
  evoke::context const given{id, {}, {}, meta, 7};
  std::set<uuid> seen;
  for (int i = 0; i < 100; ++i) {
    auto const made = given.new_id();
    CHECK(made.version_field() == 4);
    CHECK((made.bytes()[8] & 0xC0U) == 0x80U);
    seen.insert(made);
  }
  CHECK(seen.size() == 100);
}

TEST_CASE("Contexts with the same seed make the same ids") {
  auto const id = evoke::aggregate_id::trusted("a");
  evoke::metadata const meta;
  evoke::context const one{id, {}, {}, meta, 7};
  evoke::context const same{id, {}, {}, meta, 7};
  evoke::context const other{id, {}, {}, meta, 8};
  auto const made = one.new_id();
  CHECK(made == same.new_id());
  CHECK(made != other.new_id());
}
