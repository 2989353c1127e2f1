#pragma once

#include "replay/http_connection.hpp"

#include <string>

namespace tests {

/// One request over a connection of its own. Throws std::runtime_error when there is no reply.
[[nodiscard]] replay::http_reply ask(std::string const& url, replay::http_request const& request);
[[nodiscard]] replay::http_reply get(std::string const& url, std::string const& target);
[[nodiscard]] replay::http_reply send(std::string const& url, std::string const& method, std::string const& target,
                                      std::string const& json);

/// Last position of the server's log.
[[nodiscard]] std::uint64_t head_of(std::string const& url);

}  // namespace tests
