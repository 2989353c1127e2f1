#pragma once

#include <evoke/result.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace users {

/// How a token may be signed (RFC 7518). There is no `none`.
enum class algorithm : std::uint8_t { hs256, rs256, es256 };

/// The keys of those whose tokens are believed: a secret that is shared with them (HS256), or their public keys (RS256, ES256). A key
/// serves the one algorithm that it is for and no other: a public key never checks an HS256 signature, whatever the token says. Cheap to
/// copy. All members may be called from any thread.
class signing_keys {
 public:
  /// For HS256. @returns invalid_argument for a secret of less than 32 bytes: it could be guessed (RFC 7518, 3.2).
  [[nodiscard]] static evoke::result<signing_keys> from_secret(std::string secret);
  /// For RS256 (at least 2,048 bits) and ES256: a JSON Web Key Set (RFC 7517). Keys of other types, for other uses or algorithms are left
  /// out. @returns malformed for what is not such a set or has a key that does not read; invalid_argument when no key is left.
  [[nodiscard]] static evoke::result<signing_keys> from_jwks(std::string_view json);

  enum class verdict : std::uint8_t {
    good,
    bad_signature,
    no_such_key,  ///< no key for the algorithm has this id, or there are several and the token does not say which
  };
  /// Whether `signature` is that of `text` by the key `key_id`. A token without one means the only key for its algorithm. A shared secret
  /// has no id, and serves whatever the token calls it.
  [[nodiscard]] verdict check(algorithm by, std::optional<std::string_view> key_id, std::string_view text,
                              std::string_view signature) const;

  /// Whether there is a key for it at all.
  [[nodiscard]] bool serve(algorithm by) const noexcept;

 private:
  class impl;
  explicit signing_keys(std::shared_ptr<impl const> keys) : keys_(std::move(keys)) {}
  std::shared_ptr<impl const> keys_;
};

/// The bytes that unpadded base64url text stands for (RFC 7515, appendix C). @returns nothing for any other character, padding, an
/// impossible length, or bits left over that are not zero: there is one text for each sequence of bytes.
[[nodiscard]] std::optional<std::string> from_base64url(std::string_view text);

}  // namespace users
