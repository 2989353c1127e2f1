#include "bench/load/key_distribution.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <string>

namespace evoke::load {
namespace {

/// log(1+x)/x and (e^x-1)/x, also where x is next to 0: an exponent of 1 is nothing special to them.
double log1p_over(double x) {
  return std::abs(x) > 1e-8 ? std::log1p(x) / x : 1 - x / 2;
}
double expm1_over(double x) {
  return std::abs(x) > 1e-8 ? std::expm1(x) / x : 1 + x / 2;
}

}  // namespace

result<key_distribution> key_distribution::parse(std::string_view text, std::uint64_t keys) {
  if (keys == 0) return fail(errc::invalid_argument, "there must be one key at least");
  if (text == "uniform") return key_distribution(shape::uniform, keys, 0);
  if (text == "hot") return key_distribution(shape::hot, keys, 0);
  constexpr std::string_view zipf = "zipf:";
  if (text.starts_with(zipf)) {
    double exponent = 0;
    auto const end = text.data() + text.size();
    auto const [stopped, error] = std::from_chars(text.data() + zipf.size(), end, exponent);
    if (error == std::errc{} && stopped == end && exponent > 0 && exponent <= 20) return key_distribution(shape::zipf, keys, exponent);
    return fail(errc::invalid_argument,
                "'" + std::string(text) + "': the exponent of zipf is a number above 0 and up to 20, as in zipf:1.1");
  }
  return fail(errc::invalid_argument, "'" + std::string(text) + "' is no distribution of keys: uniform, hot or zipf:EXPONENT");
}

key_distribution::key_distribution(shape is, std::uint64_t keys, double exponent) : is_(is), keys_(keys), exponent_(exponent) {
  if (is != shape::zipf) return;
  least_area_ = area(1.5) - 1;
  most_area_ = area(static_cast<double>(keys) + 0.5);
  surely_ = 2 - inverse_of_area(area(2.5) - weight(2));
}

double key_distribution::weight(double x) const {
  return std::exp(-exponent_ * std::log(x));
}
double key_distribution::area(double x) const {
  auto const log = std::log(x);
  return expm1_over((1 - exponent_) * log) * log;
}
double key_distribution::inverse_of_area(double sum) const {
  return std::exp(log1p_over(std::max(-1.0, sum * (1 - exponent_))) * sum);
}

std::uint64_t key_distribution::draw(random_source& random) const {
  switch (is_) {
    case shape::hot: return 0;
    case shape::uniform: return below(random, keys_);
    case shape::zipf: return draw_zipf(random);
  }
  return 0;
}

/// Rejection-inversion (W. Hörmann, G. Derflinger 1996): no table, so that a hundred million keys cost nothing, and about one try a draw.
std::uint64_t key_distribution::draw_zipf(random_source& random) const {
  for (;;) {
    auto const at = most_area_ + fraction(random) * (least_area_ - most_area_);
    auto const x = inverse_of_area(at);
    auto const rank = std::clamp(std::floor(x + 0.5), 1.0, static_cast<double>(keys_));
    if (rank - x <= surely_ || at >= area(rank + 0.5) - weight(rank)) return static_cast<std::uint64_t>(rank) - 1;
  }
}

}  // namespace evoke::load
