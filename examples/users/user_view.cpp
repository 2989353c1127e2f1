#include "user_view.hpp"

namespace users {

void project(evoke::view<user_view>& view, user_registered const& event) {
  auto& user = view.document();
  user.id = view.key();
  user.auth0Id = event.auth0_id;
  user.githubId = event.github_id;
  user.githubUsername = event.github_username;
  user.displayName = event.display_name;
  user.avatarUrl = event.avatar_url;
  user.status = "active";
  user.createdAt = event.registered_at;
  user.updatedAt = event.registered_at;
  user.version = view.event().version;
}

}  // namespace users
