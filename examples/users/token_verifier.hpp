#pragma once

#include "signing_keys.hpp"

#include <evoke/time.hpp>

#include <chrono>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>

/// JSON Web Tokens (RFC 7519): who somebody is, in the words of an issuer that is believed.
namespace users {

/// What a token must say besides being signed.
struct token_rules {
  std::string issuer;               ///< `iss` must be this
  std::string audience;             ///< `aud` must be this, or have it among others
  std::chrono::seconds leeway{60};  ///< so far may the issuer's clock be from ours
};

struct verified_identity {
  std::string subject;  ///< `sub`: the id at the issuer
  std::optional<std::string> nickname;

  /// What the profile source knows them by.
  [[nodiscard]] std::string const& login() const noexcept { return nickname ? *nickname : subject; }
};

enum class token_fault : std::uint8_t {
  malformed,          ///< not three parts, no base64url, no JSON, too long, or it demands an extension (`crit`)
  algorithm_refused,  ///< `alg` is none, unknown, or one for which there is no key
  unknown_key,        ///< there is no such `kid`
  bad_signature,
  expired,
  not_yet_valid,
  wrong_issuer,
  wrong_audience,
  bad_claim,  ///< `sub` or `exp` is missing, or a claim is of the wrong type
};

struct token_refusal {
  token_fault fault{};
  std::string message;  ///< for people; says nothing that the token's sender does not know
};

/// Longer tokens are refused unread.
inline constexpr std::size_t max_token_bytes = 8'192;

/// Verifies tokens. The algorithm is never the token's choice alone: see signing_keys. All members may be called from any thread.
class token_verifier {
 public:
  token_verifier(token_rules rules, signing_keys keys) : rules_(std::move(rules)), keys_(std::move(keys)) {}

  /// @param token in the compact form, three parts with dots between.
  /// @param now what time it is; `exp` is required, `nbf` is looked at when it is there.
  [[nodiscard]] std::expected<verified_identity, token_refusal> verify(std::string_view token, evoke::timestamp now) const;

 private:
  token_rules rules_;
  signing_keys keys_;
};

}  // namespace users
