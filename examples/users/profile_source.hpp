#pragma once

#include <evoke/json.hpp>
#include <evoke/runtime.hpp>

#include <cstdint>
#include <expected>
#include <optional>
#include <string>

/// Where people's profiles come from: GitHub, or something that speaks like it.
namespace users {

struct profile {
  std::string github_id;  ///< a number there
  std::string login;
  std::optional<std::string> name;
  std::optional<std::string> avatar_url;

  friend bool operator==(profile const&, profile const&) = default;
};

enum class profile_fault : std::uint8_t {
  not_found,    ///< nobody is called so there
  unavailable,  ///< the source cannot be reached, or says that it is not well
  timed_out,    ///< it did not answer in time
  bad_answer,   ///< it answered with something that is no profile
  overloaded,   ///< too many are waiting for it here; nothing was asked
};

struct profile_refusal {
  profile_fault fault{};
  std::string message;
};

using profile_result = std::expected<profile, profile_refusal>;

class profile_source {
 public:
  virtual ~profile_source() = default;
  /// Answers exactly once, at once or later, on any thread: do little there, never block, never throw. Never blocks itself.
  virtual void look_up(std::string login, evoke::callback<profile_result> done) = 0;
};

/// A profile in GitHub's JSON: `id`, `login`, `name` (may be null), `avatar_url` and whatever else. @returns malformed.
[[nodiscard]] evoke::result<profile> read_profile(evoke::json::value from);

}  // namespace users
