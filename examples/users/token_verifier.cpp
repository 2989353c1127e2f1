#include "token_verifier.hpp"

#include <evoke/json.hpp>

#include <array>

namespace users {
namespace {

using refused = std::unexpected<token_refusal>;

refused refuse(token_fault fault, std::string message) {
  return refused({fault, std::move(message)});
}

struct token_parts {
  std::string_view header, payload, signature;
  std::string_view signed_text;  // header and payload, with the dot
};

std::optional<token_parts> split(std::string_view token) {
  auto const first = token.find('.');
  auto const last = token.rfind('.');
  if (first == std::string_view::npos || first == last) return std::nullopt;
  token_parts made{token.substr(0, first), token.substr(first + 1, last - first - 1), token.substr(last + 1), token.substr(0, last)};
  if (made.payload.find('.') != std::string_view::npos) return std::nullopt;
  return made;
}

std::optional<algorithm> algorithm_named(std::string_view name) {
  if (name == "HS256") return algorithm::hs256;
  if (name == "RS256") return algorithm::rs256;
  if (name == "ES256") return algorithm::es256;
  return std::nullopt;
}

struct token_header {
  algorithm by{};
  std::optional<std::string> key_id;
};

std::expected<token_header, token_refusal> read_header(std::string_view part) {
  auto const text = from_base64url(part);
  evoke::json::document document;
  auto const root = text ? document.parse(*text) : evoke::fail(evoke::errc::malformed, {});
  if (!root || !root->is_object()) return refuse(token_fault::malformed, "the token's header does not read");
  if (root->find("crit")) return refuse(token_fault::malformed, "the token demands an extension that is not known here");
  auto const name = root->find("alg");
  auto const by = name && name->is_string() ? algorithm_named(*name->as_string()) : std::nullopt;
  if (!by) return refuse(token_fault::algorithm_refused, "the token is not signed in a way that is accepted here");
  token_header made{*by, {}};
  if (auto const id = root->find("kid")) {
    if (!id->is_string()) return refuse(token_fault::malformed, "the token's kid is no text");
    made.key_id = std::string(*id->as_string());
  }
  return made;
}

/// Seconds since 1970, with a fraction if the issuer is so exact. Outer nothing: of the wrong type. Inner: absent.
std::optional<std::optional<double>> time_claim(evoke::json::value claims, std::string_view name) {
  auto const found = claims.find(name);
  if (!found) return std::optional<double>{};
  auto const seconds = found->as_double();
  if (!seconds) return std::nullopt;
  return std::optional<std::optional<double>>(std::in_place, *seconds);
}

bool is_audience(evoke::json::value claims, std::string_view wanted) {
  auto const found = claims.find("aud");
  if (!found) return false;
  if (found->is_string()) return found->as_string() == wanted;
  for (auto const each : found->elements())
    if (each.as_string() == wanted) return true;
  return false;
}

std::optional<token_refusal> untimely(evoke::json::value claims, std::chrono::seconds leeway, evoke::timestamp now) {
  auto const expires = time_claim(claims, "exp");
  auto const begins = time_claim(claims, "nbf");
  auto const issued = time_claim(claims, "iat");
  if (!expires || !*expires || !begins || !issued) return token_refusal{token_fault::bad_claim, "exp is missing, or a time is no number"};
  auto const seconds = std::chrono::duration<double>(now.time_since_epoch()).count();
  auto const margin = static_cast<double>(leeway.count());
  if (seconds >= **expires + margin) return token_refusal{token_fault::expired, "the token has expired"};
  if (*begins && seconds < **begins - margin) return token_refusal{token_fault::not_yet_valid, "the token is not valid yet"};
  return std::nullopt;
}

}  // namespace

std::expected<verified_identity, token_refusal> token_verifier::verify(std::string_view token, evoke::timestamp now) const {
  auto const parts = token.size() <= max_token_bytes ? split(token) : std::nullopt;
  if (!parts) return refuse(token_fault::malformed, "a token has three parts with dots between, and is not endless");
  auto const header = read_header(parts->header);
  if (!header) return refused(header.error());
  if (!keys_.serve(header->by)) {
    return refuse(token_fault::algorithm_refused, "the token is not signed in a way that is accepted here");
  }
  auto const signature = from_base64url(parts->signature);
  if (!signature) return refuse(token_fault::malformed, "the token's signature does not read");
  switch (keys_.check(header->by, header->key_id, parts->signed_text, *signature)) {
    case signing_keys::verdict::good: break;
    case signing_keys::verdict::bad_signature: return refuse(token_fault::bad_signature, "the token's signature is wrong");
    case signing_keys::verdict::no_such_key: return refuse(token_fault::unknown_key, "the token's key is not known here");
  }

  // Only now is what the token says looked at.
  auto const text = from_base64url(parts->payload);
  evoke::json::document document;
  auto const claims = text ? document.parse(*text) : evoke::fail(evoke::errc::malformed, {});
  if (!claims || !claims->is_object()) return refuse(token_fault::malformed, "the token's claims do not read");
  if (auto why = untimely(*claims, rules_.leeway, now)) return refused(*why);
  auto const issuer = claims->find("iss");
  if (!issuer || issuer->as_string() != rules_.issuer) return refuse(token_fault::wrong_issuer, "the token is from another issuer");
  if (!is_audience(*claims, rules_.audience)) return refuse(token_fault::wrong_audience, "the token is for somebody else");
  auto const subject = claims->find("sub");
  if (!subject || subject->as_string().value_or("").empty()) return refuse(token_fault::bad_claim, "sub is missing or no text");
  verified_identity made{std::string(*subject->as_string()), {}};
  if (auto const nickname = claims->find("nickname"); nickname && !nickname->is_null()) {
    if (!nickname->is_string()) return refuse(token_fault::bad_claim, "nickname is no text");
    if (!nickname->as_string()->empty()) made.nickname = std::string(*nickname->as_string());
  }
  return made;
}

}  // namespace users
