#pragma once

#include <evoke/evoke.hpp>

#include <boost/describe.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

/// Claims: who holds an identity. There is one aggregate for each identity there is, `auth0:<id>` or `github:<id>`, and since an aggregate
/// decides one command at a time, no two users can hold the same: that is the whole of uniqueness.
///
/// A registration claims an identity (pending), and in the end confirms the claim or releases it. Everything is idempotent per
/// registration. A claim that arrives after its own release is refused.
namespace users {

// ---- what can be asked

struct claim_identity {
  std::string user_id;  ///< who will have it
  std::string registration_id;
};
struct confirm_claim {
  std::string registration_id;
};
/// Accepted before, after and without the claim. What is confirmed stays: there is a user now.
struct release_claim {
  std::string registration_id;
};

// ---- what can happen

struct identity_claimed {
  std::string user_id;
  std::string registration_id;
};
struct claim_confirmed {
  std::string user_id;
  std::string registration_id;
};
struct claim_released {
  std::string registration_id;
};

// ---- what a claim is

enum class claim_status : std::uint8_t { free, pending, confirmed };

struct identity_claim {
  claim_status status = claim_status::free;
  std::string user_id;                ///< of the holder; empty when free
  std::string registration_id;        ///< likewise
  std::vector<std::string> released;  ///< registrations that have given up, the latest last
};

/// So many releases are remembered: a claim that arrives later than a thousand registrations after its own has failed is not expected.
inline constexpr std::size_t max_released = 1'000;

/// The id of the claim on an identity.
[[nodiscard]] std::string auth0_claim(std::string_view auth0_id);
[[nodiscard]] std::string github_claim(std::string_view github_id);

// ---- the rules (identity_claim_rules.cpp)

/// Refused with `identity_claim_pending` while another registration holds it, which may yet release it: try again when it has ended; with
/// `identity_taken` once there is a user, whose id is in the details as `duplicate_user_id`; with `claim_already_released` for a
/// registration that has given up.
evoke::decision<identity_claimed> decide(identity_claim const&, claim_identity const&, evoke::context const&);
evoke::decision<claim_confirmed> decide(identity_claim const&, confirm_claim const&, evoke::context const&);
evoke::decision<claim_released> decide(identity_claim const&, release_claim const&, evoke::context const&);

void evolve(identity_claim&, identity_claimed const&);
void evolve(identity_claim&, claim_confirmed const&);
void evolve(identity_claim&, claim_released const&);

// ---- their names to the outside, for ever

BOOST_DESCRIBE_STRUCT(claim_identity, (), (user_id, registration_id))
BOOST_DESCRIBE_STRUCT(confirm_claim, (), (registration_id))
BOOST_DESCRIBE_STRUCT(release_claim, (), (registration_id))

BOOST_DESCRIBE_STRUCT(identity_claimed, (), (user_id, registration_id))
BOOST_DESCRIBE_STRUCT(claim_confirmed, (), (user_id, registration_id))
BOOST_DESCRIBE_STRUCT(claim_released, (), (registration_id))

BOOST_DESCRIBE_ENUM(claim_status, free, pending, confirmed)
BOOST_DESCRIBE_STRUCT(identity_claim, (), (status, user_id, registration_id, released))

constexpr auto describe(evoke::type<identity_claim>) {
  return evoke::aggregate<identity_claim>("identity_claim")
      .command<claim_identity>("claim_identity")
      .command<confirm_claim>("confirm_claim")
      .command<release_claim>("release_claim")
      .event<identity_claimed>("identity_claimed")
      .event<claim_confirmed>("claim_confirmed")
      .event<claim_released>("claim_released")
      .snapshot_every(100);
}

}  // namespace users
