#pragma once

#include <string>
#include <string_view>

namespace evoke::testing::detail {

/// Where two JSON texts first differ, as a sentence: "/quantity: expected 2, is 3". Empty when they are the same.
[[nodiscard]] std::string first_difference(std::string_view expected, std::string_view actual);

}  // namespace evoke::testing::detail
