#pragma once

#include <evoke/time.hpp>

#include <cstdint>
#include <string>

namespace server {

/// "127.0.0.1:8080", "[::1]:8080".
[[nodiscard]] std::string authority(std::string const& host, std::uint16_t port);

/// Four curl commands to begin with: two writes, the state, the read model. They work as they are, also when the server was started before:
/// `now` makes the cart's id new.
[[nodiscard]] std::string first_steps(std::string const& host, std::uint16_t port, evoke::timestamp now);

}  // namespace server
