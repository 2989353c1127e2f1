#pragma once

#include <string>

namespace evoke::load {

/// For people: "1,234,567".
[[nodiscard]] std::string grouped(double number);
/// "870 us", "1.23 ms", "2.5 s": three digits that matter.
[[nodiscard]] std::string as_time(double nanoseconds);

}  // namespace evoke::load
