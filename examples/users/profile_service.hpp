#pragma once

#include "profile_source.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

namespace users {

struct profile_service_options {
  std::string base_url;                      ///< "https://api.github.com"; http or https
  std::chrono::milliseconds timeout{2'000};  ///< for one attempt, from connecting to the last byte
  std::uint32_t attempts = 3;                ///< in all; only what may pass by itself is tried again
  std::chrono::milliseconds backoff{100};    ///< before the second attempt; doubles before each further one
  std::size_t max_answer_bytes = 64 * 1024;  ///< beyond: bad_answer
  std::size_t max_waiting = 100;             ///< look-ups that wait for a thread; beyond: overloaded
  std::uint32_t threads = 2;                 ///< look-ups at once
};

/// Profiles over HTTP: `GET {base_url}/users/{login}`. Blocks on threads of its own, so that its callers never do. Redirects are not
/// followed. Tried again: no connection, no answer in time, 429 and 5xx.
class profile_service : public profile_source {
 public:
  /// @returns invalid_argument for an option out of range or a URL that is neither http nor https.
  [[nodiscard]] static evoke::result<std::unique_ptr<profile_source>> start(profile_service_options options);
  /// Ends what is under way; what waits is answered `unavailable`. Takes a second at most.
  ~profile_service() override;
  profile_service(profile_service const&) = delete;
  profile_service& operator=(profile_service const&) = delete;

  void look_up(std::string login, evoke::callback<profile_result> done) override;

 private:
  class impl;
  explicit profile_service(std::unique_ptr<impl> made);
  std::unique_ptr<impl> impl_;
};

}  // namespace users
