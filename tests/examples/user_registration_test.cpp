#include "users/user_registration.hpp"

#include <evoke/testing_process.hpp>

#include <catch2/catch.hpp>

using namespace users;
using evoke::process_status;
using evoke::rejection;
using evoke::to;

namespace {

registration_requested const wanted{"u-1", "a1", "g1", "octocat", "Mona", {}};
auto const auth0 = "auth0:a1";
auto const github = "github:g1";
claim_identity const claim{"u-1", "r-1"};
release_claim const give_up{"r-1"};
confirm_claim const keep{"r-1"};

auto begun() {
  return evoke::testing::process_of<user_registration>().when<registration>("r-1", wanted);
}
auto claimed() {
  return begun().step_succeeds("claim_auth0").step_succeeds("claim_github");
}
auto audit(std::string reason, std::optional<std::string> duplicate) {
  return to<user_registration_audit>("a1", record_registration_failure{"r-1", "a1", "g1", std::move(reason), std::move(duplicate)});
}

}  // namespace

TEST_CASE("a registration claims both identities, registers, and confirms its claims") {
  begun().then_orders({{"claim_auth0", to<identity_claim>(auth0, claim)}});
  begun().step_succeeds("claim_auth0").then_orders({{"claim_github", to<identity_claim>(github, claim)}});
  claimed().then_orders({{"register_user", to<user>("u-1", register_user{"a1", "g1", "octocat", "Mona", {}})}});
  auto registered = claimed().step_succeeds("register_user", {"user_registered"});
  registered.then_orders({{"confirm_auth0", to<identity_claim>(auth0, keep)}, {"confirm_github", to<identity_claim>(github, keep)}});
  registered.step_succeeds("confirm_auth0").then_status(process_status::running);
  registered.step_succeeds("confirm_github").then_status(process_status::completed);
  CHECK(registered.state().outcome == registration_outcome::registered);
}

TEST_CASE("an identity that somebody else is about to get is waited for") {
  auto waiting = begun().step_rejected("claim_auth0", rejection::conflict("identity_claim_pending", "Another registration holds it"));
  waiting.then_orders({}).then_status(process_status::running);
  auto const due = evoke::timestamp{std::chrono::sys_days{std::chrono::year{2026} / 1 / 1}} + claim_retry_delay;
  waiting.then_timers({{"claim_auth0", due}});
  waiting.timer_fires("claim_auth0").then_orders({{"claim_auth0", to<identity_claim>(auth0, claim)}}).then_timers({});

  auto second = begun().step_succeeds("claim_auth0").step_rejected("claim_github", rejection::conflict("identity_claim_pending", "Held"));
  second.timer_fires("claim_github").then_orders({{"claim_github", to<identity_claim>(github, claim)}});
}

TEST_CASE("an identity that somebody has refuses the registration, which is recorded, and leaves no claim") {
  auto const taken =
      rejection::conflict("identity_taken", "A user with this identity is already registered", R"({"duplicate_user_id":"u-0"})");
  auto refused = begun().step_succeeds("claim_auth0").step_rejected("claim_github", taken);
  refused.then_orders({{"record_failure", audit("A user with this identity is already registered", "u-0")}});
  CHECK(refused.state().outcome == registration_outcome::refused);
  CHECK(refused.state().duplicate_user_id == "u-0");
  refused.step_succeeds("record_failure").then_undoes({{"claim_auth0", to<identity_claim>(auth0, give_up)}});
  refused.undo_succeeds("claim_auth0").then_status(process_status::failed);
}

TEST_CASE("a rule that says no to the user releases both claims") {
  auto refused = claimed().step_rejected("register_user", rejection::invalid("username_required", "GitHub username is required"));
  refused.then_orders({{"record_failure", audit("GitHub username is required", {})}}).step_succeeds("record_failure");
  refused.then_undoes({{"claim_github", to<identity_claim>(github, give_up)}}).undo_succeeds("claim_github");
  refused.then_undoes({{"claim_auth0", to<identity_claim>(auth0, give_up)}}).undo_succeeds("claim_auth0");
  refused.then_status(process_status::failed);
  CHECK(refused.state().reason_code == "username_required");
}

TEST_CASE("a failure that cannot be recorded releases the claims all the same") {
  auto refused = claimed().step_rejected("register_user", rejection::invalid("username_required", "GitHub username is required"));
  refused.step_times_out("record_failure").then_undoes({{"claim_github", to<identity_claim>(github, give_up)}});
}
