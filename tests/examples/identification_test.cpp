#include "users/identification_options.hpp"
#include "users/sample_files.hpp"

#include "server_process.hpp"
#include "token_signer.hpp"

#include <catch2/catch.hpp>

#include <fstream>
#include <future>

namespace {

using namespace users;
using tests::scratch_directory;
using tests::token_signer;

auto const noon = *evoke::parse_rfc3339("2026-01-31T12:00:00Z");

std::string claims_of(std::string const& nickname) {
  return R"({"iss":"https://evoke.example/","aud":"evoke","exp":4000000000,"sub":"auth0|1","nickname":")" + nickname + "\"}";
}
std::string sample_secret() {
  std::string text = sample_signing_secret;
  text.pop_back();
  return text;
}
std::string sample_token(std::string const& nickname) {
  return token_signer::with_secret(sample_secret()).sign(R"({"alg":"HS256"})", claims_of(nickname));
}

identification_result identify(identification& by, std::string const& token) {
  std::promise<identification_result> end;
  by.identify(token, noon, [&](identification_result told) { end.set_value(std::move(told)); });
  return end.get_future().get();
}

std::filesystem::path written(scratch_directory const& in, std::string const& name, std::string const& text) {
  std::ofstream(in.path() / name) << text;
  return in.path() / name;
}

TEST_CASE("identification: the sample key and the sample profiles are enough") {
  auto const people = open_identification({}).value();
  auto const who = identify(*people, sample_token("Ada"));
  REQUIRE(who);
  CHECK(*who == applicant{"auth0|1", "1001", "ada", "Ada Example", "https://profiles.example/ada.png"});
}

TEST_CASE("identification: a bad token is refused before anybody is looked up") {
  auto const people = open_identification({}).value();
  auto const who = identify(*people, "a.b.c");
  REQUIRE_FALSE(who);
  CHECK(std::holds_alternative<token_refusal>(who.error()));
}

TEST_CASE("identification: whom the profile source does not know is refused") {
  auto const people = open_identification({}).value();
  auto const who = identify(*people, sample_token("nobody"));
  REQUIRE_FALSE(who);
  REQUIRE(std::holds_alternative<profile_refusal>(who.error()));
  CHECK(std::get<profile_refusal>(who.error()).fault == profile_fault::not_found);
}

TEST_CASE("identification: a secret, a key set and profiles come from files") {
  scratch_directory const scratch;
  auto const p256 = token_signer::with_p256();
  std::string const secret(40, 's');
  identification_options options;
  options.profiles_file = written(scratch, "profiles.json", R"([{"id":5,"login":"eve"}])");
  options.secret_file = written(scratch, "secret", secret + "\n");
  CHECK_FALSE(uses_sample_key(options));
  auto people = open_identification(options).value();
  CHECK(identify(*people, token_signer::with_secret(secret).sign(R"({"alg":"HS256"})", claims_of("eve")))->github_id == "5");
  CHECK_FALSE(identify(*people, sample_token("eve")));

  options.secret_file.clear();
  options.jwks_file = written(scratch, "keys.json", R"({"keys":[)" + p256.public_jwk() + "]}");
  people = open_identification(options).value();
  CHECK(identify(*people, p256.sign(R"({"alg":"ES256"})", claims_of("eve"))));
  CHECK_FALSE(identify(*people, sample_token("eve")));
}

TEST_CASE("identification: options that contradict each other and files that do not read are refused, by name") {
  scratch_directory const scratch;
  auto const refused = [](auto change, std::string const& says) {
    identification_options options;
    change(options);
    auto const opened = open_identification(options);
    REQUIRE_FALSE(opened);
    CHECK_THAT(opened.error().message, Catch::Contains(says));
  };
  refused([](auto& options) { options.secret_file = options.jwks_file = "x"; }, "not with both");
  refused([](auto& options) { options.profiles_file = "x", options.profiles.base_url = "http://x.example"; }, "not from both");
  refused([&](auto& options) { options.secret_file = scratch.path() / "absent"; }, "absent");
  refused([&](auto& options) { options.jwks_file = scratch.path(); }, scratch.path().string());
  refused([&](auto& options) { options.profiles_file = written(scratch, "empty", ""); }, "empty");
  refused([&](auto& options) { options.secret_file = written(scratch, "short", "secret\n"); }, "short: a secret must have 32 bytes");
  refused([&](auto& options) { options.jwks_file = written(scratch, "none.json", R"({"keys":[]})"); }, "none.json: the key set has no key");
  refused([&](auto& options) { options.profiles_file = written(scratch, "bad.json", "{}"); }, "bad.json: ");
  refused([](auto& options) { options.profiles.base_url = "gopher://x"; }, "gopher://x");
}

}  // namespace
