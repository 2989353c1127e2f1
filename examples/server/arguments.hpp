#pragma once

#include "users/identification_options.hpp"

#include <evoke/http/server.hpp>
#include <evoke/options.hpp>

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace server {

/// How the program ends.
enum exit_code : int {
  stopped = 0,        ///< asked to by a signal, everything accepted is finished
  cannot_start = 1,   ///< the port or the data directory cannot be had
  bad_arguments = 2,  ///< see the message
  cut_short = 3,      ///< a second signal came while stopping
};

struct arguments {
  evoke::runtime_options runtime;
  evoke::http::server_options http;
  users::identification_options identification;
  evoke::log_level least_level = evoke::log_level::info;
  std::chrono::seconds drain{10};
  bool quiet = false;
  bool sample_data = false;
};

/// What the command line came to: arguments to go on with, or an exit code when everything is said (help, or a complaint on stderr).
struct parsed {
  bool go_on = false;
  int exit = stopped;
  arguments given;
};
[[nodiscard]] parsed parse(int argc, char const* const* argv);

struct address {
  std::string host;
  std::uint16_t port = 0;
};
/// "127.0.0.1:8080", "[::1]:8080", "localhost:0". @returns invalid_argument for anything else.
[[nodiscard]] evoke::result<address> parse_listen(std::string_view text);

}  // namespace server
