#include "users/user_view.hpp"

#include <evoke/registry.hpp>
#include <evoke/testing_projection.hpp>

#include <catch2/catch.hpp>

namespace {

using namespace users;
using evoke::testing::projected;

auto const nine = *evoke::parse_rfc3339("2026-01-31T09:00:00Z");
auto const ten = *evoke::parse_rfc3339("2026-01-31T10:00:00Z");

TEST_CASE("users: a registered user is shown, with the names and times that clients know") {
  auto here = projected<user_view>().at(ten);
  here.from<user>("u-1", user_registered{"auth0|1", "1001", "ada", "Ada Example", "https://x.example/a", nine});
  CHECK(*evoke::json::encode(*here.document("u-1")) ==
        R"({"id":"u-1","auth0Id":"auth0|1","githubId":"1001","githubUsername":"ada","displayName":"Ada Example",)"
        R"("avatarUrl":"https://x.example/a","status":"active","createdAt":"2026-01-31T09:00:00.000000Z",)"
        R"("updatedAt":"2026-01-31T09:00:00.000000Z","version":1})");
}

TEST_CASE("users: they are looked up by each of their identities") {
  auto const made = evoke::define_projection<user_view>();
  REQUIRE(made->indexes().size() == 3);
  CHECK(made->indexes()[0].fields[0].name == "auth0Id");
  CHECK(made->indexes()[1].fields[0].name == "githubId");
  CHECK(made->indexes()[2].fields[0].name == "githubUsername");
  evoke::registry types;
  REQUIRE(types.add(made));
  REQUIRE(types.add(evoke::define<user>()));
  CHECK(types.check());
}

}  // namespace
