#pragma once

#include "profile_source.hpp"
#include "token_verifier.hpp"

#include <memory>
#include <optional>
#include <string>
#include <variant>

namespace users {

/// Somebody who wants to be registered, and is who they say they are.
struct applicant {
  std::string auth0_id;
  std::string github_id;
  std::string github_username;
  std::optional<std::string> name;
  std::optional<std::string> avatar_url;

  friend bool operator==(applicant const&, applicant const&) = default;
};

using identification_refusal = std::variant<token_refusal, profile_refusal>;
using identification_result = std::expected<applicant, identification_refusal>;

/// From a token to an applicant: verifies the one, looks up the profile of the other. All members may be called from any thread.
class identification {
 public:
  identification(token_verifier verifier, std::unique_ptr<profile_source> profiles)
      : verifier_(std::move(verifier)), profiles_(std::move(profiles)) {}

  /// Answers exactly once, at once or later, on any thread: do little there, never block, never throw. Never blocks itself.
  void identify(std::string_view token, evoke::timestamp now, evoke::callback<identification_result> done);

 private:
  token_verifier verifier_;
  std::unique_ptr<profile_source> profiles_;
};

}  // namespace users
