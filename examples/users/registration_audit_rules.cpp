#include "registration_audit.hpp"

#include <algorithm>

namespace users {

using evoke::rejection;

evoke::decision<user_registration_failed> decide(user_registration_audit const& state, record_registration_failure const& command,
                                                 evoke::context const& given) {
  if (auto id = evoke::aggregate_id::parse(command.registration_id); !id) {
    return rejection::invalid("invalid_registration_id", "registration_id is not an identifier: " + id.error().message);
  }
  if (command.auth0_id != given.id().str()) {
    return rejection::invalid("wrong_stream", "A failed registration is recorded in the stream named after its auth0_id");
  }
  if (command.reason.size() > max_reason_bytes) {
    return rejection::invalid("text_too_long", "reason must have " + std::to_string(max_reason_bytes) + " bytes or less");
  }
  if (std::ranges::find(state.recorded, command.registration_id) != state.recorded.end()) return evoke::nothing;
  return user_registration_failed{.registration_id = command.registration_id,
                                  .auth0_id = command.auth0_id,
                                  .github_id = command.github_id,
                                  .reason = command.reason,
                                  .attempted_at = given.now(),
                                  .duplicate_user_id = command.duplicate_user_id};
}

void evolve(user_registration_audit& state, user_registration_failed const& event) {
  state.recorded.push_back(event.registration_id);
  if (state.recorded.size() > max_recorded) state.recorded.erase(state.recorded.begin());
}

}  // namespace users
