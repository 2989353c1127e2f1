#include "profile_source.hpp"

namespace users {
namespace {

/// Absent and null are the same.
std::optional<evoke::json::value> member(evoke::json::value of, std::string_view name) {
  auto const found = of.find(name);
  return found && !found->is_null() ? found : std::nullopt;
}

std::optional<std::string> text_of(std::optional<evoke::json::value> const& from) {
  return from ? std::optional(std::string(*from->as_string())) : std::nullopt;
}

bool is_text_or_absent(std::optional<evoke::json::value> const& given) {
  return !given || given->is_string();
}

}  // namespace

evoke::result<profile> read_profile(evoke::json::value from) {
  auto const bad = [](char const* what) { return evoke::fail(evoke::errc::malformed, what); };
  if (!from.is_object()) return bad("a profile is an object");
  auto const id = member(from, "id");
  auto const login = member(from, "login");
  auto const name = member(from, "name");
  auto const avatar_url = member(from, "avatar_url");
  if (!login || !login->is_string()) return bad("a profile's login is text");
  if (!is_text_or_absent(name) || !is_text_or_absent(avatar_url)) return bad("a profile's name and avatar_url are text");
  profile made{{}, std::string(*login->as_string()), text_of(name), text_of(avatar_url)};
  if (id && id->is_string()) {
    made.github_id = *id->as_string();
  } else if (auto const number = id ? id->as_integer<std::uint64_t>() : std::nullopt) {
    made.github_id = std::to_string(*number);
  }
  if (made.github_id.empty()) return bad("a profile's id is a whole number");
  return made;
}

}  // namespace users
