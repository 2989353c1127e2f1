#include "users/token_verifier.hpp"

#include "token_signer.hpp"

#include <catch2/catch.hpp>

#include <vector>

namespace {

using namespace users;
using tests::base64url;
using tests::token_signer;

constexpr auto secret = "0123456789abcdef0123456789abcdef";
auto const noon = *evoke::parse_rfc3339("2026-01-31T12:00:00Z");

std::string seconds_from_noon(std::int64_t by) {
  return std::to_string(std::chrono::duration_cast<std::chrono::seconds>(noon.time_since_epoch()).count() + by);
}

/// Claims that are in order but for what `more` adds.
std::string claims(std::string const& more = R"(,"sub":"auth0|1")") {
  return R"({"iss":"https://id.example/","aud":"shop","exp":)" + seconds_from_noon(3600) + more + "}";
}

token_verifier verifier(signing_keys keys) {
  return {{.issuer = "https://id.example/", .audience = "shop", .leeway = std::chrono::seconds(60)}, std::move(keys)};
}
token_verifier secret_verifier() {
  return verifier(signing_keys::from_secret(secret).value());
}
signing_keys key_set(std::vector<std::string> const& keys) {
  std::string json = R"({"keys":[)";
  for (auto const& each : keys) json += (json.ends_with('[') ? "" : ",") + each;
  return signing_keys::from_jwks(json + "]}").value();
}

std::string by_secret(std::string const& payload, std::string const& header = R"({"alg":"HS256","typ":"JWT"})") {
  return token_signer::with_secret(secret).sign(header, payload);
}

void refused(token_verifier const& by, std::string const& token, token_fault fault) {
  INFO(token);
  auto const end = by.verify(token, noon);
  REQUIRE_FALSE(end);
  CHECK(static_cast<int>(end.error().fault) == static_cast<int>(fault));
  CHECK_FALSE(end.error().message.empty());
}

TEST_CASE("tokens: a shared secret, an RSA key and a P-256 key verify what they signed") {
  auto const rsa = token_signer::with_rsa();
  auto const p256 = token_signer::with_p256();
  CHECK(secret_verifier().verify(by_secret(claims()), noon)->subject == "auth0|1");
  auto const by_keys = verifier(key_set({rsa.public_jwk(R"("kid":"r")"), p256.public_jwk(R"("kid":"e","use":"sig","alg":"ES256")")}));
  for (int i = 0; i < 20; ++i) {  // the numbers of a signature are sometimes shorter
    CHECK(by_keys.verify(p256.sign(R"({"alg":"ES256","kid":"e"})", claims(R"(,"sub":"s)" + std::to_string(i) + "\"")), noon));
  }
  CHECK(by_keys.verify(rsa.sign(R"({"alg":"RS256","kid":"r"})", claims()), noon)->subject == "auth0|1");
}

TEST_CASE("tokens: the login is the nickname, else the subject") {
  auto const with = [](std::string const& more) { return secret_verifier().verify(by_secret(claims(more)), noon).value().login(); };
  CHECK(with(R"(,"sub":"auth0|1","nickname":"ada")") == "ada");
  CHECK(with(R"(,"sub":"auth0|1")") == "auth0|1");
  CHECK(with(R"(,"sub":"auth0|1","nickname":"")") == "auth0|1");
  CHECK(with(R"(,"sub":"auth0|1","nickname":null)") == "auth0|1");
}

TEST_CASE("tokens: a signature by another key, or of another text, is refused") {
  auto const rsa = token_signer::with_rsa();
  auto const p256 = token_signer::with_p256();
  auto const by_keys = verifier(key_set({rsa.public_jwk(), p256.public_jwk()}));
  refused(secret_verifier(), token_signer::with_secret(std::string(32, 'x')).sign(R"({"alg":"HS256"})", claims()),
          token_fault::bad_signature);
  refused(by_keys, token_signer::with_rsa().sign(R"({"alg":"RS256"})", claims()), token_fault::bad_signature);
  refused(by_keys, token_signer::with_p256().sign(R"({"alg":"ES256"})", claims()), token_fault::bad_signature);

  auto const header = base64url(R"({"alg":"HS256"})");
  auto const signature = token_signer::with_secret(secret).signature(header + "." + base64url(claims()));
  refused(secret_verifier(), header + "." + base64url(claims(R"(,"sub":"somebody else")")) + "." + signature, token_fault::bad_signature);
  refused(secret_verifier(), header + "." + base64url(claims()) + ".", token_fault::bad_signature);
  refused(secret_verifier(), header + "." + base64url(claims()) + "." + signature.substr(0, 40), token_fault::bad_signature);
  refused(by_keys, rsa.sign(R"({"alg":"ES256"})", claims()), token_fault::bad_signature);
  refused(by_keys, p256.sign(R"({"alg":"RS256"})", claims()), token_fault::bad_signature);
}

TEST_CASE("tokens: alg none, in any writing, and algorithms without a key are refused") {
  for (auto const* header :
       {R"({"alg":"none"})", R"({"alg":"None"})", R"({"alg":"NONE"})", R"({"alg":""})", R"({"alg":null})", R"({})", R"({"alg":"HS512"})",
        R"({"alg":"hs256"})", R"({"alg":["HS256"]})", R"({"alg":"RS256"})", R"({"alg":"ES256"})"}) {
    refused(secret_verifier(), base64url(header) + "." + base64url(claims()) + ".", token_fault::algorithm_refused);
    refused(secret_verifier(), by_secret(claims(), header), token_fault::algorithm_refused);
  }
}

TEST_CASE("tokens: a public key is never taken for a secret") {
  auto const rsa = token_signer::with_rsa();
  auto const by_keys = verifier(key_set({rsa.public_jwk(R"("kid":"r")")}));
  for (auto const& confused : {rsa.public_pem(), rsa.public_jwk(R"("kid":"r")")}) {
    refused(by_keys, token_signer::with_secret(confused).sign(R"({"alg":"HS256","kid":"r"})", claims()), token_fault::algorithm_refused);
  }
}

TEST_CASE("tokens: a key of a set serves the one algorithm it is for") {
  auto const rsa = token_signer::with_rsa();
  auto const p256 = token_signer::with_p256();
  auto const both = verifier(key_set({rsa.public_jwk(R"("kid":"r")"), p256.public_jwk(R"("kid":"e")")}));
  refused(both, p256.sign(R"({"alg":"ES256","kid":"r"})", claims()), token_fault::unknown_key);
  refused(both, rsa.sign(R"({"alg":"RS256","kid":"e"})", claims()), token_fault::unknown_key);
  auto const others = R"({"kty":"oct","k":"MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY"},{"kty":"OKP","crv":"Ed25519","x":"eA"})";
  auto const with_others = verifier(
      key_set({others, rsa.public_jwk(R"("use":"enc")"), token_signer::with_rsa().public_jwk(R"("alg":"RS512")"), p256.public_jwk()}));
  refused(with_others, rsa.sign(R"({"alg":"RS256"})", claims()), token_fault::algorithm_refused);
  refused(with_others, by_secret(claims()), token_fault::algorithm_refused);
  CHECK(with_others.verify(p256.sign(R"({"alg":"ES256"})", claims()), noon));
}

TEST_CASE("tokens: the key is the one the token names, or the only one there is") {
  auto const first = token_signer::with_p256();
  auto const second = token_signer::with_p256();
  auto const two = verifier(key_set({first.public_jwk(R"("kid":"1")"), second.public_jwk(R"("kid":"2")")}));
  CHECK(two.verify(second.sign(R"({"alg":"ES256","kid":"2"})", claims()), noon));
  refused(two, second.sign(R"({"alg":"ES256","kid":"1"})", claims()), token_fault::bad_signature);
  refused(two, second.sign(R"({"alg":"ES256","kid":"3"})", claims()), token_fault::unknown_key);
  refused(two, second.sign(R"({"alg":"ES256"})", claims()), token_fault::unknown_key);
  refused(two, second.sign(R"({"alg":"ES256","kid":2})", claims()), token_fault::malformed);
  CHECK(verifier(key_set({first.public_jwk(R"("kid":"1")")})).verify(first.sign(R"({"alg":"ES256"})", claims()), noon));
}

TEST_CASE("tokens: an expired one, and one that is not valid yet, are refused, but for the clocks' difference") {
  auto const with = [](std::string const& exp, std::string const& more = "") {
    return by_secret(R"({"iss":"https://id.example/","aud":"shop","sub":"s","exp":)" + exp + more + "}");
  };
  CHECK(secret_verifier().verify(with(seconds_from_noon(1)), noon));
  CHECK(secret_verifier().verify(with(seconds_from_noon(-59)), noon));
  refused(secret_verifier(), with(seconds_from_noon(-60)), token_fault::expired);
  refused(secret_verifier(), with("0"), token_fault::expired);
  refused(secret_verifier(), with("-1e300"), token_fault::expired);
  auto const later = seconds_from_noon(3600);
  CHECK(secret_verifier().verify(with(later, R"(,"nbf":)" + seconds_from_noon(60)), noon));
  CHECK(secret_verifier().verify(with(later, R"(,"nbf":)" + seconds_from_noon(-100) + ".5"), noon));
  refused(secret_verifier(), with(later, R"(,"nbf":)" + seconds_from_noon(61)), token_fault::not_yet_valid);
}

TEST_CASE("tokens: it must expire, and its times be numbers") {
  for (auto const* rest :
       {"", R"(,"exp":null)", R"(,"exp":"4000000000")", R"(,"exp":4000000000,"nbf":"1")", R"(,"exp":4000000000,"iat":true)"}) {
    refused(secret_verifier(), by_secret(R"({"iss":"https://id.example/","aud":"shop","sub":"s")" + std::string(rest) + "}"),
            token_fault::bad_claim);
  }
}

TEST_CASE("tokens: issuer and audience must be the ones that are expected") {
  auto const with = [](std::string const& some) { return by_secret(R"({"exp":4000000000,"sub":"s")" + some + "}"); };
  auto const iss = std::string(R"(,"iss":"https://id.example/")");
  CHECK(secret_verifier().verify(with(iss + R"(,"aud":["other","shop"])"), noon));
  for (auto const* wrong :
       {"", R"(,"iss":"https://id.example")", R"(,"iss":"https://evil.example/")", R"(,"iss":["https://id.example/"])"}) {
    refused(secret_verifier(), with(wrong + std::string(R"(,"aud":"shop")")), token_fault::wrong_issuer);
  }
  for (auto const* wrong : {"", R"(,"aud":"shops")", R"(,"aud":[])", R"(,"aud":["shops",["shop"]])", R"(,"aud":{"shop":true})"}) {
    refused(secret_verifier(), with(iss + wrong), token_fault::wrong_audience);
  }
}

TEST_CASE("tokens: the subject is there, and text") {
  for (auto const* sub : {"", R"(,"sub":"")", R"(,"sub":7)", R"(,"sub":null)", R"(,"sub":"s","nickname":7)"}) {
    refused(secret_verifier(), by_secret(claims(sub)), token_fault::bad_claim);
  }
}

TEST_CASE("tokens: what is not one is refused") {
  auto const good = by_secret(claims());
  for (auto const& bad : {std::string(), std::string("."), std::string(".."), std::string("a.b"), std::string("a.b.c"), good + ".",
                          "." + good, good + "=", good + "\n", " " + good, good.substr(1), std::string(max_token_bytes + 1, 'a')}) {
    refused(secret_verifier(), bad, token_fault::malformed);
  }
  refused(secret_verifier(), by_secret("no json"), token_fault::malformed);
  refused(secret_verifier(), by_secret("[]"), token_fault::malformed);
  refused(secret_verifier(), by_secret(R"({"sub":"a","sub":"b"})"), token_fault::malformed);
  refused(secret_verifier(), by_secret(claims(), "[]"), token_fault::malformed);
  refused(secret_verifier(), by_secret(claims(), R"({"alg":"HS256","alg":"none"})"), token_fault::malformed);
  refused(secret_verifier(), by_secret(claims(), R"({"alg":"HS256","crit":["exp"]})"), token_fault::malformed);
}

TEST_CASE("tokens: any change of any character of one is noticed") {
  auto const good = by_secret(claims());
  auto const by = secret_verifier();
  REQUIRE(by.verify(good, noon));
  for (std::size_t i = 0; i < good.size(); ++i) {
    auto changed = good;
    changed[i] = changed[i] == 'A' ? 'B' : 'A';
    INFO(i);
    CHECK_FALSE(by.verify(changed, noon));
  }
}

TEST_CASE("keys: a secret that could be guessed is refused") {
  CHECK_FALSE(signing_keys::from_secret(""));
  CHECK_FALSE(signing_keys::from_secret(std::string(31, 'x')));
  CHECK(signing_keys::from_secret(std::string(32, 'x')));
}

TEST_CASE("keys: what is no key set, or has a key that does not read, is refused") {
  auto const p256 = token_signer::with_p256().public_jwk();
  for (auto const& bad : {std::string(), std::string("{"), std::string("[]"), std::string(R"({"keys":{}})"), std::string(R"({"keys":[]})"),
                          std::string(R"({"keys":[{"kty":"RSA"}]})"), std::string(R"({"keys":[{"kty":"RSA","n":"!","e":"AQAB"}]})"),
                          std::string(R"({"keys":[{"kty":"EC","crv":"P-256","x":"AA","y":"AA"}]})"),
                          R"({"keys":[)" + p256 + R"(,{"kty":"EC","crv":"P-256","x":")" + base64url(std::string(32, '\1')) + R"(","y":")" +
                              base64url(std::string(32, '\1')) + R"("}]})",  // a point, but not on the curve
                          R"({"keys":[)" + token_signer::with_rsa(1'024).public_jwk() + "]}"}) {
    INFO(bad);
    CHECK_FALSE(signing_keys::from_jwks(bad));
  }
}

TEST_CASE("keys: base64url is read to the letter") {
  CHECK(from_base64url("") == "");
  CHECK(from_base64url("Zg") == "f");
  CHECK(from_base64url("Zm8") == "fo");
  CHECK(from_base64url("Zm9v") == "foo");
  CHECK(from_base64url("-_-_") == "\xFB\xFF\xBF");
  for (auto const* bad : {"Z", "Zg==", "Zh", "Zm9", "+/+/", "Zm 9", "Zm9vZ"}) {
    INFO(bad);
    CHECK_FALSE(from_base64url(bad));
  }
}

}  // namespace
