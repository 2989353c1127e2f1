#pragma once

#include "profile_source.hpp"

#include <map>
#include <string>
#include <string_view>

namespace users {

/// Profiles from a file, for trying things out without a network: a JSON array of profiles as GitHub writes them. Read once. As there, a
/// login's letters are the same large and small.
class profile_file : public profile_source {
 public:
  /// @returns malformed for what is not an array of profiles, or has two of the same login.
  [[nodiscard]] static evoke::result<std::unique_ptr<profile_source>> parse(std::string_view json);

  void look_up(std::string login, evoke::callback<profile_result> done) override;

 private:
  std::map<std::string, profile> by_login_;  // logins in small letters
};

}  // namespace users
