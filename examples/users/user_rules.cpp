#include "user.hpp"

namespace users {
namespace {

using evoke::rejection;

bool is_blank(std::string const& text) {
  return text.find_first_not_of(" \t\r\n\f\v") == std::string::npos;
}

std::optional<rejection> bad_text(std::string const& text, std::string const& field) {
  if (text.size() <= max_text_bytes) return std::nullopt;
  return rejection::invalid("text_too_long", field + " must have " + std::to_string(max_text_bytes) + " bytes or less");
}

}  // namespace

std::optional<rejection> bad_identity(std::string const& id, std::string const& field) {
  if (auto parsed = evoke::aggregate_id::parse(id); !parsed) {
    return rejection::invalid("invalid_identity", field + " is not an identifier: " + parsed.error().message);
  }
  if (id.size() <= max_identity_bytes) return std::nullopt;
  return rejection::invalid("invalid_identity", field + " must have " + std::to_string(max_identity_bytes) + " bytes or less");
}

evoke::decision<user_registered> decide(user const& state, register_user const& command, evoke::context const& given) {
  if (given.exists()) {
    if (state.auth0_id == command.auth0_id && state.github_id == command.github_id) return evoke::nothing;
    return rejection::conflict("user_already_exists", "There is already a user of this id, with other identities");
  }
  if (is_blank(command.github_username)) return rejection::invalid("blank_github_username", "GitHub username is required");
  if (auto why = bad_text(command.github_username, "github_username")) return *why;
  if (auto why = bad_identity(command.auth0_id, "auth0_id")) return *why;
  if (auto why = bad_identity(command.github_id, "github_id")) return *why;
  if (auto why = bad_text(command.name.value_or(""), "name")) return *why;
  if (auto why = bad_text(command.avatar_url.value_or(""), "avatar_url")) return *why;
  bool const named = command.name && !is_blank(*command.name);
  return user_registered{.auth0_id = command.auth0_id,
                         .github_id = command.github_id,
                         .github_username = command.github_username,
                         .display_name = named ? *command.name : command.github_username,
                         .avatar_url = command.avatar_url,
                         .registered_at = given.now()};
}

void evolve(user& state, user_registered const& event) {
  state.auth0_id = event.auth0_id;
  state.github_id = event.github_id;
  state.github_username = event.github_username;
  state.display_name = event.display_name;
}

}  // namespace users
