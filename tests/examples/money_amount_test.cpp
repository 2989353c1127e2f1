#include "money/amount.hpp"

#include <catch2/catch.hpp>

#include <cstdlib>
#include <limits>
#include <random>

namespace {

using money::amount;

TEST_CASE("money: a number with at most two decimals is an amount, digit by digit") {
  for (auto const& [text, minor] :
       std::initializer_list<std::pair<char const*, std::int64_t>>{{"0", 0},
                                                                   {"12", 1200},
                                                                   {"12.5", 1250},
                                                                   {"12.50", 1250},
                                                                   {"0.07", 7},
                                                                   {"-0.07", -7},
                                                                   {"-3", -300},
                                                                   {"-0", 0},
                                                                   {"-0.00", 0},
                                                                   {"1.15", 115},
                                                                   {"4.35", 435},
                                                                   {"92233720368547758.07", std::numeric_limits<std::int64_t>::max()},
                                                                   {"-92233720368547758.08", std::numeric_limits<std::int64_t>::min()}}) {
    INFO(text);
    CHECK(money::parse(text) == amount{minor});
    auto const decoded = evoke::json::decode<amount>(text);
    REQUIRE(decoded);
    CHECK(decoded->minor_units == minor);
  }
}

TEST_CASE("money: nothing is rounded: three decimals, exponents and what is too large are refused") {
  for (auto const* text : {"1.000", "1.234", "0.001", "1e2", "1E2", "1.5e1", "92233720368547758.08", "-92233720368547758.09",
                           "100000000000000000000", "\"1.50\"", "null", "true", "[]"}) {
    INFO(text);
    auto const decoded = evoke::json::decode<amount>(text);
    REQUIRE_FALSE(decoded);
    CHECK(decoded.error().code == evoke::errc::malformed);
  }
  for (auto const* text : {"", "-", ".5", "5.", "+5", "1,5", " 1", "1 ", "--1", "0x1", "1.-5"}) {
    INFO(text);
    CHECK_FALSE(money::parse(text));
  }
}

TEST_CASE("money: it is written with two decimals") {
  CHECK(money::to_text({1250}) == "12.50");
  CHECK(money::to_text({-7}) == "-0.07");
  CHECK(money::to_text({0}) == "0.00");
  CHECK(money::to_text({std::numeric_limits<std::int64_t>::min()}) == "-92233720368547758.08");
  CHECK(*evoke::json::encode(amount{995}) == "9.95");
}

TEST_CASE("money: any amount reads back as itself") {
  auto const* const given = std::getenv("EVOKE_SEED");
  auto const seed = given != nullptr ? std::strtoull(given, nullptr, 10) : std::random_device{}();
  INFO("EVOKE_SEED=" << seed);
  std::mt19937_64 random(seed);
  for (int i = 0; i < 10'000; ++i) {
    amount const any{static_cast<std::int64_t>(random() >> (random() % 64))};
    CHECK(money::parse(money::to_text(any)) == any);
  }
}

TEST_CASE("money: its schema says that it is a number") {
  CHECK_THAT(evoke::json::schema<amount>(), Catch::Contains(R"("type":"number")"));
}

}  // namespace
