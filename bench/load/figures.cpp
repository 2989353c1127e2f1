#include "bench/load/figures.hpp"

#include <array>
#include <cmath>
#include <cstdio>

namespace evoke::load {

std::string grouped(double number) {
  auto digits = std::to_string(std::llround(std::abs(number)));
  for (auto at = static_cast<std::ptrdiff_t>(digits.size()) - 3; at > 0; at -= 3) digits.insert(static_cast<std::size_t>(at), ",");
  return (number <= -0.5 ? "-" : "") + digits;
}

std::string as_time(double nanoseconds) {
  auto value = nanoseconds / 1e3;
  char const* unit = "us";
  if (value >= 999.5) value /= 1e3, unit = "ms";
  if (value >= 999.5 && unit[0] == 'm') value /= 1e3, unit = "s";
  std::array<char, 40> text{};
  std::snprintf(text.data(), text.size(), "%.*f %s", value < 9.995 ? 2 : value < 99.95 ? 1 : 0, value, unit);
  return text.data();
}

}  // namespace evoke::load
