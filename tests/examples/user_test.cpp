#include "users/user.hpp"

#include <evoke/testing.hpp>

#include <catch2/catch.hpp>

namespace {

using namespace users;
using evoke::rejection_kind;
using evoke::testing::given;

constexpr auto invalid = rejection_kind::invalid;
auto const noon = *evoke::parse_rfc3339("2026-01-31T12:00:00Z");

register_user ada() {
  return {.auth0_id = "auth0|1", .github_id = "1001", .github_username = "ada", .name = "Ada Example", .avatar_url = "https://x.example/a"};
}
user_registered ada_registered() {
  return {"auth0|1", "1001", "ada", "Ada Example", "https://x.example/a", noon};
}

TEST_CASE("user: registering keeps both identities, at the time it happened") {
  given<user>().at(noon).when(ada()).then(ada_registered());
}

TEST_CASE("user: who has no name is called by their username") {
  for (auto const& nameless : {std::optional<std::string>(), std::optional<std::string>(""), std::optional<std::string>(" \t")}) {
    auto wanted = ada();
    wanted.name = nameless;
    wanted.avatar_url.reset();
    given<user>().at(noon).when(wanted).then(user_registered{"auth0|1", "1001", "ada", "ada", {}, noon});
  }
}

TEST_CASE("user: a GitHub username is required") {
  for (auto const* blank : {"", " ", "\t\n"}) {
    auto wanted = ada();
    wanted.github_username = blank;
    given<user>().when(wanted).then_rejected(invalid, "blank_github_username", "GitHub username is required");
  }
}

TEST_CASE("user: registering again with the same identities writes nothing, with others it is a conflict") {
  given<user>(ada_registered()).when(ada()).then_nothing();
  auto other = ada();
  other.github_id = "1002";
  given<user>(ada_registered()).when(other).then_rejected(rejection_kind::conflict, "user_already_exists");
}

TEST_CASE("user: identities are identifiers that leave room for the names of their claims") {
  for (auto const& bad : {std::string(), std::string("a/b"), std::string(" a"), std::string(max_identity_bytes + 1, 'x')}) {
    auto wanted = ada();
    wanted.auth0_id = bad;
    given<user>().when(wanted).then_rejected(invalid, "invalid_identity");
    wanted = ada();
    wanted.github_id = bad;
    given<user>().when(wanted).then_rejected(invalid, "invalid_identity");
  }
  auto wanted = ada();
  wanted.auth0_id = std::string(max_identity_bytes, 'x');
  CHECK(given<user>().when(wanted).state().auth0_id == wanted.auth0_id);
}

TEST_CASE("user: texts have an end") {
  std::string const endless(max_text_bytes + 1, 'x');
  auto const refused = [](register_user const& wanted) { given<user>().when(wanted).then_rejected(invalid, "text_too_long"); };
  auto wanted = ada();
  wanted.github_username = endless;
  refused(wanted);
  wanted = ada();
  wanted.name = endless;
  refused(wanted);
  wanted = ada();
  wanted.avatar_url = endless;
  refused(wanted);
}

}  // namespace
