#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace tests {

[[nodiscard]] std::string base64url(std::string_view bytes);

/// Signs tokens as an issuer would, with a key of its own. Throws std::runtime_error when OpenSSL does not do as asked.
class token_signer {
 public:
  [[nodiscard]] static token_signer with_secret(std::string secret);
  [[nodiscard]] static token_signer with_rsa(unsigned bits = 2'048);
  [[nodiscard]] static token_signer with_p256();

  /// header.payload.signature, whatever the two say.
  [[nodiscard]] std::string sign(std::string_view header_json, std::string_view payload_json) const;
  /// Of header and payload as they stand in a token.
  [[nodiscard]] std::string signature(std::string_view text) const;
  /// The public key as a member of a key set; `more` is further members, such as "kid":"k1".
  [[nodiscard]] std::string public_jwk(std::string const& more = "") const;
  /// The public key as a PEM file: what a confused verifier might take for a secret.
  [[nodiscard]] std::string public_pem() const;

 private:
  class impl;
  explicit token_signer(std::shared_ptr<impl const> key) : key_(std::move(key)) {}
  std::shared_ptr<impl const> key_;
};

}  // namespace tests
