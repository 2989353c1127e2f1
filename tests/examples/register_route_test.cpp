#include "users/register_route.hpp"

#include "served_domain.hpp"
#include "token_signer.hpp"

#include <map>

namespace {

using namespace users;

/// Knows one profile, and a fault for every name that is one.
class scripted_profiles : public profile_source {
 public:
  void look_up(std::string login, evoke::callback<profile_result> done) override {
    static std::map<std::string, profile_fault> const faults{{"nobody", profile_fault::not_found},
                                                             {"down", profile_fault::unavailable},
                                                             {"nonsense", profile_fault::bad_answer},
                                                             {"slow", profile_fault::timed_out},
                                                             {"crowd", profile_fault::overloaded}};
    if (auto const fault = faults.find(login); fault != faults.end()) {
      return done(std::unexpected(profile_refusal{fault->second, "as the script says"}));
    }
    done(profile{"1001", login, "Ada Example", {}});
  }
};

constexpr auto secret = "0123456789abcdef0123456789abcdef";

/// The route over a registrar that ends as it is told.
class register_service : public tests::served_domain {
 public:
  explicit register_service(registration_end end = registration_accepted{"u-1"})
      : served_domain({}, [this, end = std::move(end)](evoke::runtime&) {
          return register_routes(people_, [this, end](applicant who, evoke::callback<registration_end> done) {
            who_ = std::move(who);
            done(end);
          });
        }) {}

  [[nodiscard]] replay::http_reply bearing(std::string const& token) const {
    return post("/commands/auth/register", R"({"auth0Token":")" + token + "\"}");
  }
  [[nodiscard]] replay::http_reply called(std::string const& nickname, std::string const& exp = "4000000000") const {
    return bearing(tests::token_signer::with_secret(secret).sign(
        R"({"alg":"HS256"})", R"({"iss":"i","aud":"a","sub":"auth0|1","nickname":")" + nickname + R"(","exp":)" + exp + "}"));
  }
  [[nodiscard]] std::optional<applicant> const& who() const noexcept { return who_; }

 private:
  // Members of a derived class are made after the base, and the base keeps references only.
  identification people_{token_verifier({"i", "a"}, signing_keys::from_secret(secret).value()), std::make_unique<scripted_profiles>()};
  std::optional<applicant> who_;
};

TEST_CASE("register: who is registered is told that it is under way, and as whom") {
  register_service const service;
  auto const reply = service.called("ada");
  CHECK(reply.status == 202);
  CHECK(reply.body == R"({"message":"User registration initiated","userId":"u-1"})");
  CHECK(service.who() == applicant{"auth0|1", "1001", "ada", "Ada Example", {}});
}

TEST_CASE("register: who is registered already gets 409 and is told as whom") {
  register_service const service(already_registered{"u-0"});
  auto const reply = service.called("ada");
  CHECK(reply.status == 409);
  CHECK(reply.body == R"({"error":"User is already registered","duplicate_user_id":"u-0"})");
}

TEST_CASE("register: a rule that said no is 422, a failure what it is everywhere") {
  CHECK(register_service(evoke::rejection::invalid("blank_github_username", "GitHub username is required")).called("ada").status == 422);
  CHECK(register_service(evoke::failure{evoke::errc::journal_failed, "broken", {}, {}, {}, {}}).called("ada").status == 503);
}

TEST_CASE("register: a bad or expired token is 401, and nobody is registered") {
  register_service const service;
  for (auto const& reply : {service.bearing("a.b.c"), service.bearing(""), service.called("ada", "1000000000")}) {
    CHECK(reply.status == 401);
    CHECK_THAT(reply.body, Catch::Contains("problems/invalid-token"));
  }
  CHECK_FALSE(service.who());
}

TEST_CASE("register: each way in which a profile cannot be had has its status") {
  register_service const service;
  CHECK(service.called("nobody").status == 422);
  CHECK_THAT(service.called("nobody").body, Catch::Contains("rejection#profile_not_found"));
  CHECK(service.called("down").status == 502);
  CHECK(service.called("nonsense").status == 502);
  CHECK_THAT(service.called("down").body, Catch::Contains("problems/profile-source-unavailable"));
  CHECK(service.called("slow").status == 504);
  CHECK_THAT(service.called("slow").body, Catch::Contains("problems/profile-source-timeout"));
  CHECK(service.called("crowd").status == 503);
  CHECK_FALSE(service.called("crowd").retry_after.empty());
  CHECK_FALSE(service.who());
}

TEST_CASE("register: what is not the documented body is 400") {
  register_service const service;
  for (auto const* body : {"", "{}", "[]", R"({"auth0Token":7})", R"({"auth0Token":"x","more":1})"}) {
    INFO(body);
    CHECK(service.post("/commands/auth/register", body).status == 400);
  }
}

}  // namespace
