#include "user_registration.hpp"

namespace users {
namespace {

using evoke::context;
using evoke::reaction;
using evoke::to;

reaction claim(std::string step, std::string const& identity, std::string const& user_id, context const& given) {
  auto const registration_id = given.id().str();
  return reaction{}
      .execute(std::move(step), to<identity_claim>(identity, claim_identity{user_id, registration_id}))
      .undo(to<identity_claim>(identity, release_claim{registration_id}));
}
reaction claim_first(user_registration const& state, context const& given) {
  return claim("claim_auth0", auth0_claim(state.wanted.auth0_id), state.wanted.user_id, given);
}
reaction claim_second(user_registration const& state, context const& given) {
  return claim("claim_github", github_claim(state.wanted.github_id), state.wanted.user_id, given);
}

/// {"duplicate_user_id":"..."} in a rejection's details.
std::optional<std::string> duplicate_in(std::string const& details) {
  if (details.empty()) return std::nullopt;
  evoke::json::document read;
  auto const root = read.parse(details);
  auto const found = root ? root->find("duplicate_user_id") : std::nullopt;
  auto const text = found ? found->as_string() : std::nullopt;
  return text ? std::optional<std::string>(*text) : std::nullopt;
}

}  // namespace

reaction react(user_registration& state, registration_requested const& event, context const& given) {
  state.wanted = event;
  return claim_first(state, given);
}

reaction react(user_registration& state, evoke::step_succeeded const& step, context const& given) {
  auto const& wanted = state.wanted;
  if (step.step == "claim_auth0") return claim_second(state, given);
  if (step.step == "claim_github") {
    return reaction{}.execute(
        "register_user",
        to<user>(wanted.user_id, register_user{wanted.auth0_id, wanted.github_id, wanted.github_username, wanted.name, wanted.avatar_url}));
  }
  if (step.step == "register_user") {
    confirm_claim const confirm{given.id().str()};
    return reaction{}
        .execute("confirm_auth0", to<identity_claim>(auth0_claim(wanted.auth0_id), confirm))
        .execute("confirm_github", to<identity_claim>(github_claim(wanted.github_id), confirm))
        .complete();
  }
  if (step.step == "record_failure") return reaction{}.compensate(state.reason.value_or("refused"));
  return {};
}

reaction react(user_registration& state, evoke::step_failed const& step, context const& given) {
  if (step.code == "identity_claim_pending") return reaction{}.set_timer(step.step, given.now() + claim_retry_delay);
  if (step.step == "record_failure") return reaction{}.compensate(state.reason.value_or("refused"));
  state.outcome = registration_outcome::refused;
  state.reason_code = step.code;
  state.reason = step.message;
  state.duplicate_user_id = duplicate_in(step.details);
  auto const& wanted = state.wanted;
  return reaction{}.execute(
      "record_failure",
      to<user_registration_audit>(wanted.auth0_id, record_registration_failure{given.id().str(), wanted.auth0_id, wanted.github_id,
                                                                               step.message, state.duplicate_user_id}));
}

reaction react(user_registration& state, evoke::timer_due const& timer, context const& given) {
  return timer.name == "claim_auth0" ? claim_first(state, given) : claim_second(state, given);
}

reaction react(user_registration& state, evoke::process_completed const&, context const&) {
  state.outcome = registration_outcome::registered;
  return {};
}

}  // namespace users
