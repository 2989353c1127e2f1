#include "users/identity_claim.hpp"

#include <evoke/testing.hpp>

#include <catch2/catch.hpp>

namespace {

using namespace users;
using evoke::rejection_kind;
using evoke::testing::given;

constexpr auto invalid = rejection_kind::invalid;
constexpr auto conflict = rejection_kind::conflict;

template <class... Events>
auto claim_with(Events... history) {
  return given<identity_claim>(history...).as("github:1001");
}
auto pending() {
  return claim_with(identity_claimed{"u-1", "r-1"});
}
auto confirmed() {
  return claim_with(identity_claimed{"u-1", "r-1"}, claim_confirmed{"u-1", "r-1"});
}

TEST_CASE("identity_claim: a free identity is claimed, and then pending") {
  auto const state = claim_with().when(claim_identity{"u-1", "r-1"}).then(identity_claimed{"u-1", "r-1"}).state();
  CHECK(state.status == claim_status::pending);
  CHECK(state.user_id == "u-1");
}

TEST_CASE("identity_claim: claiming again for the same registration writes nothing, whatever became of it") {
  pending().when(claim_identity{"u-1", "r-1"}).then_nothing();
  confirmed().when(claim_identity{"u-1", "r-1"}).then_nothing();
}

TEST_CASE("identity_claim: a pending claim makes another registration wait") {
  pending().when(claim_identity{"u-2", "r-2"}).then_rejected(conflict, "identity_claim_pending");
  CHECK(pending().when(claim_identity{"u-2", "r-2"}).why().details == R"({"registration_id":"r-1"})");
}

TEST_CASE("identity_claim: only a confirmed claim refuses another, and says who has it") {
  confirmed().when(claim_identity{"u-2", "r-2"}).then_rejected(conflict, "identity_taken");
  CHECK(confirmed().when(claim_identity{"u-2", "r-2"}).why().details == R"({"duplicate_user_id":"u-1"})");
}

TEST_CASE("identity_claim: it is confirmed once, by the registration that holds it") {
  auto const state =
      pending().when(confirm_claim{"r-1"}).then(claim_confirmed{"u-1", "r-1"}).when(confirm_claim{"r-1"}).then_nothing().state();
  CHECK(state.status == claim_status::confirmed);
  pending().when(confirm_claim{"r-2"}).then_rejected(conflict, "claim_not_held");
  confirmed().when(confirm_claim{"r-2"}).then_rejected(conflict, "claim_not_held");
  claim_with().when(confirm_claim{"r-1"}).then_rejected(conflict, "claim_not_held");
}

TEST_CASE("identity_claim: a released identity is free for the one that waited") {
  pending().when(release_claim{"r-1"}).then(claim_released{"r-1"}).when(claim_identity{"u-2", "r-2"}).then(identity_claimed{"u-2", "r-2"});
  CHECK(pending().when(release_claim{"r-1"}).state().user_id.empty());
}

TEST_CASE("identity_claim: a release is accepted before, after and without its claim, and bars it") {
  claim_with()
      .when(release_claim{"r-1"})
      .then(claim_released{"r-1"})
      .when(claim_identity{"u-1", "r-1"})
      .then_rejected(conflict, "claim_already_released")
      .when(release_claim{"r-1"})
      .then_nothing()
      .when(confirm_claim{"r-1"})
      .then_rejected(conflict, "claim_not_held");
  pending().when(release_claim{"r-1"}).when(claim_identity{"u-1", "r-1"}).then_rejected(conflict, "claim_already_released");
}

TEST_CASE("identity_claim: a release by another registration leaves the holder alone") {
  auto const state = pending().when(release_claim{"r-2"}).then(claim_released{"r-2"}).state();
  CHECK(state.status == claim_status::pending);
  CHECK(state.registration_id == "r-1");
  CHECK(confirmed().when(release_claim{"r-2"}).then(claim_released{"r-2"}).state().status == claim_status::confirmed);
}

TEST_CASE("identity_claim: what is confirmed is not released: there is a user") {
  confirmed().when(release_claim{"r-1"}).then_rejected(conflict, "claim_already_confirmed");
}

TEST_CASE("identity_claim: the latest thousand releases are remembered") {
  auto here = claim_with();
  for (std::size_t i = 0; i <= max_released; ++i) here.and_given(claim_released{"r-" + std::to_string(i)});
  CHECK(here.state().released.size() == max_released);
  auto latest = here;
  latest.when(claim_identity{"u-1", "r-" + std::to_string(max_released)}).then_rejected(conflict, "claim_already_released");
  here.when(claim_identity{"u-1", "r-0"}).then(identity_claimed{"u-1", "r-0"});
}

TEST_CASE("identity_claim: its id says which identity it is on") {
  CHECK(auth0_claim("auth0|1") == "auth0:auth0|1");
  CHECK(github_claim("1001") == "github:1001");
  for (auto const* bad : {"auth0:", "github:", "gitlab:7", "1001"}) {
    given<identity_claim>().as(bad).when(claim_identity{"u-1", "r-1"}).then_rejected(invalid, "invalid_claim_id");
    given<identity_claim>().as(bad).when(release_claim{"r-1"}).then_rejected(invalid, "invalid_claim_id");
  }
  given<identity_claim>().as(auth0_claim("auth0|1")).when(claim_identity{"u-1", "r-1"}).then(identity_claimed{"u-1", "r-1"});
}

TEST_CASE("identity_claim: user and registration are identifiers") {
  claim_with().when(claim_identity{"", "r-1"}).then_rejected(invalid, "invalid_user_id");
  claim_with().when(claim_identity{"u-1", "a/b"}).then_rejected(invalid, "invalid_registration_id");
  claim_with().when(release_claim{""}).then_rejected(invalid, "invalid_registration_id");
}

}  // namespace
