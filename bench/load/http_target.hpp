#pragma once

#include "replay/url.hpp"

#include <evoke/result.hpp>

#include <string>
#include <string_view>

namespace evoke::load {

/// A connected, non-blocking socket without Nagle's delay. The caller closes it. @returns io_error: the message says what and why.
[[nodiscard]] result<int> connect_to(replay::server_address const& server);

/// A GET on a connection of its own, for what is asked once. @returns the body; io_error when there is no answer of 200.
[[nodiscard]] result<std::string> get_once(replay::server_address const& server, std::string_view target);

}  // namespace evoke::load
