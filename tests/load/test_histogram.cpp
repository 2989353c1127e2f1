#include "bench/load/histogram.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

using evoke::load::histogram;

TEST_CASE("an empty histogram says 0 to everything") {
  histogram const none;
  CHECK(none.count() == 0);
  CHECK(none.min() == 0);
  CHECK(none.max() == 0);
  CHECK(none.mean() == 0);
  CHECK(none.value_at(0.99) == 0);
  CHECK(none.steps().empty());
}

TEST_CASE("a single value is read back as itself, however large") {
  for (std::uint64_t const value : {0ULL, 1ULL, 255ULL, 256ULL, 257ULL, 511ULL, 512ULL, 1'000'003ULL, 1ULL << 40U, ~0ULL}) {
    histogram one;
    one.record(value);
    CHECK(one.min() == value);
    CHECK(one.max() == value);
    CHECK(one.value_at(0) == value);
    CHECK(one.value_at(0.5) == value);
    CHECK(one.value_at(1) == value);
  }
}

TEST_CASE("every step is at most 0.8 % wide and lies where the one before it ended") {
  std::uint64_t before = 0;
  for (std::uint64_t value = 1; value < (1ULL << 50U); value += 1 + value / 300) {
    histogram one;
    one.record(value);
    auto const steps = one.steps();
    REQUIRE(steps.size() == 1);
    REQUIRE(steps[0].upper >= value);
    REQUIRE(static_cast<double>(steps[0].upper - value) <= static_cast<double>(value) / 128);
    REQUIRE(steps[0].upper >= before);
    before = steps[0].upper;
  }
}

TEST_CASE("percentiles of random values are within 1 % of the sorted values") {
  auto const seed = GENERATE(as<std::uint32_t>(), 1, 2, 3);
  INFO("seed " << seed);
  std::mt19937_64 random(seed);
  std::lognormal_distribution<double> latency(11, 1.5);
  histogram all;
  std::vector<std::uint64_t> values;
  double sum = 0;
  for (int i = 0; i < 50'000; ++i) {
    values.push_back(static_cast<std::uint64_t>(latency(random)));
    all.record(values.back());
    sum += static_cast<double>(values.back());
  }
  std::ranges::sort(values);
  for (double const share : {0.001, 0.1, 0.5, 0.9, 0.99, 0.999, 0.9999, 1.0}) {
    auto const exact = static_cast<double>(values[static_cast<std::size_t>(std::ceil(share * 50'000)) - 1]);
    auto const told = static_cast<double>(all.value_at(share));
    INFO(share);
    CHECK(told >= exact);
    CHECK(told <= exact * 1.01);
  }
  CHECK(all.min() == values.front());
  CHECK(all.max() == values.back());
  CHECK(all.mean() == Approx(sum / 50'000));
}

TEST_CASE("merging is the same as having recorded everything in one") {
  std::mt19937_64 random(11);
  histogram all;
  histogram left;
  histogram right;
  for (int i = 0; i < 10'000; ++i) {
    auto const value = random() >> (random() % 60);
    all.record(value);
    (i % 3 == 0 ? left : right).record(value);
  }
  left.merge(right);
  CHECK(left.steps() == all.steps());
  CHECK(left.count() == all.count());
  CHECK(left.min() == all.min());
  CHECK(left.max() == all.max());
  CHECK(left.mean() == Approx(all.mean()));
  left.merge(histogram{});
  CHECK(left.min() == all.min());
}

TEST_CASE("a value can be recorded several times at once, and all forgotten") {
  histogram some;
  some.record(10, 99);
  some.record(1'000, 1);
  some.record(5, 0);
  CHECK(some.count() == 100);
  CHECK(some.min() == 10);
  CHECK(some.value_at(0.99) == 10);
  CHECK(some.value_at(0.991) >= 1'000);
  some.clear();
  CHECK(some.count() == 0);
  CHECK(some.max() == 0);
  CHECK(some.steps().empty());
}
