#include "bench/load/key_distribution.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <vector>

using evoke::load::key_distribution;
using evoke::load::random_source;

namespace {

std::vector<double> shares(std::string const& text, std::uint64_t keys, int draws, std::uint64_t seed) {
  auto const from = key_distribution::parse(text, keys).value();
  random_source random(seed);
  std::vector<double> seen(keys);
  for (int i = 0; i < draws; ++i) seen.at(from.draw(random)) += 1.0 / draws;
  return seen;
}

}  // namespace

TEST_CASE("hot is always the first key") {
  CHECK(shares("hot", 1'000, 1'000, 1)[0] == Approx(1));
}

TEST_CASE("uniform gives every key its even share") {
  auto const seed = GENERATE(as<std::uint64_t>(), 1, 2, 3);
  INFO("seed " << seed);
  // 2,000 draws a key: five standard deviations are 11 %.
  for (auto const share : shares("uniform", 100, 200'000, seed)) CHECK(share == Approx(0.01).epsilon(0.12));
}

TEST_CASE("zipf gives key k a share in proportion to 1/(k+1)^s") {
  auto const exponent = GENERATE(0.5, 0.99, 1.0, 1.1, 2.0);
  auto const seed = GENERATE(as<std::uint64_t>(), 1, 2);
  INFO("exponent " << exponent << ", seed " << seed);
  constexpr std::uint64_t keys = 1'000;
  constexpr int draws = 400'000;
  auto const seen = shares("zipf:" + std::to_string(exponent), keys, draws, seed);
  double sum = 0;
  for (std::uint64_t k = 0; k < keys; ++k) sum += std::pow(static_cast<double>(k + 1), -exponent);
  for (std::uint64_t const k : {0, 1, 2, 5, 20, 100, 999}) {
    auto const wanted = std::pow(static_cast<double>(k + 1), -exponent) / sum;
    auto const deviation = std::sqrt(wanted * (1 - wanted) / draws);
    INFO("key " << k);
    CHECK(std::abs(seen[k] - wanted) < 5 * deviation);
  }
}

TEST_CASE("zipf over one key, and over very many, stays within them") {
  random_source random(5);
  auto const one = key_distribution::parse("zipf:1.1", 1).value();
  auto const many = key_distribution::parse("zipf:0.8", 1'000'000'000).value();
  for (int i = 0; i < 10'000; ++i) {
    REQUIRE(one.draw(random) == 0);
    REQUIRE(many.draw(random) < 1'000'000'000);
  }
}

TEST_CASE("the same seed draws the same keys") {
  auto const from = key_distribution::parse("zipf:1.2", 1'000).value();
  random_source first(42);
  random_source second(42);
  for (int i = 0; i < 1'000; ++i) REQUIRE(from.draw(first) == from.draw(second));
}

TEST_CASE("what is no distribution is refused") {
  for (auto const* text : {"", "even", "zipf", "zipf:", "zipf:x", "zipf:0", "zipf:-1", "zipf:1.1x", "zipf:21", "zipf:nan", "Hot"}) {
    INFO(text);
    auto const made = key_distribution::parse(text, 10);
    REQUIRE_FALSE(made.has_value());
    CHECK(made.error().code == evoke::errc::invalid_argument);
  }
  CHECK_FALSE(key_distribution::parse("uniform", 0).has_value());
}
