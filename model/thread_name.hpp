#pragma once

#include <string_view>

namespace evoke::detail {

/// Names the thread that calls, for top -H, gdb and perf. Linux keeps 15 bytes; what is longer is cut.
void name_this_thread(std::string_view name) noexcept;

}  // namespace evoke::detail
