#include "identification.hpp"

namespace users {

void identification::identify(std::string_view token, evoke::timestamp now, evoke::callback<identification_result> done) {
  auto const verified = verifier_.verify(token, now);
  if (!verified) return done(std::unexpected(identification_refusal(verified.error())));
  profiles_->look_up(verified->login(), [subject = verified->subject, done = std::move(done)](profile_result found) mutable {
    if (!found) return done(std::unexpected(identification_refusal(std::move(found.error()))));
    done(applicant{.auth0_id = std::move(subject),
                   .github_id = std::move(found->github_id),
                   .github_username = std::move(found->login),
                   .name = std::move(found->name),
                   .avatar_url = std::move(found->avatar_url)});
  });
}

}  // namespace users
