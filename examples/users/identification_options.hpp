#pragma once

#include "identification.hpp"
#include "profile_service.hpp"

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>

namespace users {

/// Whose tokens are believed, and where profiles come from. As it is, the sample key and the sample profiles: enough to try it out without
/// a network, and nothing to keep anybody out, since everybody has that key.
struct identification_options {
  token_rules tokens{.issuer = "https://evoke.example/", .audience = "evoke"};
  std::filesystem::path secret_file;    ///< shared secret for HS256, without the line's end; at most one of the two
  std::filesystem::path jwks_file;      ///< public keys for RS256 and ES256
  std::filesystem::path profiles_file;  ///< at most one of this and profiles.base_url
  profile_service_options profiles;     ///< used when it has a base_url
};

/// Whether the key in use is the one that everybody has.
[[nodiscard]] bool uses_sample_key(identification_options const& options);

/// Reads the files and starts what is to be started. @returns invalid_argument for options that contradict each other, io_error for a file
/// that cannot be read, malformed for one that does not read; the message names the file.
[[nodiscard]] evoke::result<std::unique_ptr<identification>> open_identification(identification_options options);

}  // namespace users
