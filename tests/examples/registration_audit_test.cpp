#include "users/registration_audit.hpp"

#include <evoke/testing.hpp>

#include <catch2/catch.hpp>

namespace {

using namespace users;
using evoke::rejection_kind;
using evoke::testing::given;

auto const noon = *evoke::parse_rfc3339("2026-01-31T12:00:00Z");

auto audit() {
  return given<user_registration_audit>().as("auth0|1").at(noon);
}
record_registration_failure duplicate(std::string const& registration_id) {
  return {registration_id, "auth0|1", "1001", "already registered", "u-1"};
}

TEST_CASE("user_registration_audit: a failed registration is recorded, with who has the identity") {
  audit().when(duplicate("r-1")).then(user_registration_failed{"r-1", "auth0|1", "1001", "already registered", noon, "u-1"});
  audit()
      .when(record_registration_failure{"r-2", "auth0|1", "1001", "GitHub username is required", {}})
      .then(user_registration_failed{"r-2", "auth0|1", "1001", "GitHub username is required", noon, {}});
}

TEST_CASE("user_registration_audit: each failure is recorded once") {
  audit().when(duplicate("r-1")).when(duplicate("r-1")).then_nothing();
  audit()
      .when(duplicate("r-1"))
      .when(duplicate("r-2"))
      .then(user_registration_failed{"r-2", "auth0|1", "1001", "already registered", noon, "u-1"});
}

TEST_CASE("user_registration_audit: the stream is named after the auth0 id") {
  given<user_registration_audit>().as("auth0|2").when(duplicate("r-1")).then_rejected(rejection_kind::invalid, "wrong_stream");
}

TEST_CASE("user_registration_audit: the latest thousand are remembered") {
  auto here = audit();
  for (std::size_t i = 0; i <= max_recorded; ++i) {
    here.and_given(user_registration_failed{"r-" + std::to_string(i), "auth0|1", "1001", "why", noon, {}});
  }
  CHECK(here.state().recorded.size() == max_recorded);
  here.when(duplicate("r-" + std::to_string(max_recorded))).then_nothing();
}

TEST_CASE("user_registration_audit: a registration is an identifier, a reason has an end") {
  audit().when(duplicate("")).then_rejected(rejection_kind::invalid, "invalid_registration_id");
  audit()
      .when(record_registration_failure{"r-1", "auth0|1", "1001", std::string(max_reason_bytes + 1, 'x'), {}})
      .then_rejected(rejection_kind::invalid, "text_too_long");
}

}  // namespace
