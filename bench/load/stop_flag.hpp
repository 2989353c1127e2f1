#pragma once

namespace evoke::load {

/// From now on SIGINT and SIGTERM only raise a flag; a second one ends the process at once.
void catch_stop_signals();
[[nodiscard]] bool stop_asked() noexcept;

}  // namespace evoke::load
