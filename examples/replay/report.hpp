#pragma once

#include "replay/replay.hpp"

#include <string>
#include <string_view>

namespace replay {

/// What a run did, as text for people; ends with "OK" or with what differs.
[[nodiscard]] std::string describe(replay_report const& report, order_file const& orders, std::string_view file_name);

}  // namespace replay
