#pragma once

#include <evoke/evoke.hpp>

#include <boost/describe.hpp>

#include <optional>
#include <string>
#include <vector>

/// What became of registrations that failed: one stream for each Auth0 identity, named after it, kept for whoever has to explain.
namespace users {

// ---- what can be asked

struct record_registration_failure {
  std::string registration_id;  ///< the same one is recorded once
  std::string auth0_id;
  std::string github_id;
  std::string reason;
  std::optional<std::string> duplicate_user_id;  ///< who has the identity, if that is the reason
};

// ---- what can happen

struct user_registration_failed {
  std::string registration_id;
  std::string auth0_id;
  std::string github_id;
  std::string reason;
  evoke::timestamp attempted_at{};
  std::optional<std::string> duplicate_user_id;
};

// ---- what an audit is

struct user_registration_audit {
  std::vector<std::string> recorded;  ///< the latest registrations, the last one last
};

/// So many registrations are remembered, so that none of them is recorded twice.
inline constexpr std::size_t max_recorded = 1'000;
inline constexpr std::size_t max_reason_bytes = 1'000;

// ---- the rules (registration_audit_rules.cpp)

evoke::decision<user_registration_failed> decide(user_registration_audit const&, record_registration_failure const&, evoke::context const&);

void evolve(user_registration_audit&, user_registration_failed const&);

// ---- their names to the outside, for ever

BOOST_DESCRIBE_STRUCT(record_registration_failure, (), (registration_id, auth0_id, github_id, reason, duplicate_user_id))
BOOST_DESCRIBE_STRUCT(user_registration_failed, (), (registration_id, auth0_id, github_id, reason, attempted_at, duplicate_user_id))
BOOST_DESCRIBE_STRUCT(user_registration_audit, (), (recorded))

constexpr auto describe(evoke::type<user_registration_audit>) {
  return evoke::aggregate<user_registration_audit>("user_registration_audit")
      .command<record_registration_failure>("record_registration_failure")
      .event<user_registration_failed>("user_registration_failed")
      .snapshot_every(100);
}

}  // namespace users
