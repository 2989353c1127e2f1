#pragma once

#include <evoke/result.hpp>

#include <string>
#include <string_view>

namespace replay {

struct server_address {
  std::string host;       ///< without brackets
  std::string port;       ///< digits
  std::string authority;  ///< as the Host header has it
  std::string base_path;  ///< what comes before every target; no '/' at its end
};

/// Reads "http://HOST[:PORT][/BASE]"; the port defaults to 80. @returns invalid_argument for anything else.
[[nodiscard]] evoke::result<server_address> parse_url(std::string_view url);

/// Percent-encodes text as one segment of a path (RFC 3986: all but unreserved characters).
[[nodiscard]] std::string as_path_segment(std::string_view text);

}  // namespace replay
