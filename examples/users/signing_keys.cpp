#include "signing_keys.hpp"

#include <evoke/json.hpp>

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/param_build.h>

#include <array>
#include <vector>

namespace users {
namespace {

template <auto Free>
struct freed_by {
  template <class T>
  void operator()(T* owned) const noexcept {
    Free(owned);
  }
};
using public_key = std::unique_ptr<EVP_PKEY, freed_by<EVP_PKEY_free>>;
using key_context = std::unique_ptr<EVP_PKEY_CTX, freed_by<EVP_PKEY_CTX_free>>;
using digest_context = std::unique_ptr<EVP_MD_CTX, freed_by<EVP_MD_CTX_free>>;
using number = std::unique_ptr<BIGNUM, freed_by<BN_free>>;
using parameter_builder = std::unique_ptr<OSSL_PARAM_BLD, freed_by<OSSL_PARAM_BLD_free>>;
using parameters = std::unique_ptr<OSSL_PARAM, freed_by<OSSL_PARAM_free>>;
using ecdsa_signature = std::unique_ptr<ECDSA_SIG, freed_by<ECDSA_SIG_free>>;

constexpr std::size_t least_secret_bytes = 32;
constexpr int least_rsa_bits = 2'048;
constexpr std::size_t p256_bytes = 32;

unsigned char const* bytes_of(std::string_view text) {
  return reinterpret_cast<unsigned char const*>(text.data());
}

number big_number(std::string_view bytes) {
  return number(BN_bin2bn(bytes_of(bytes), static_cast<int>(bytes.size()), nullptr));
}

/// nullptr when OpenSSL does not take it for a key: a point off the curve, an even modulus.
public_key make_key(char const* type, parameters given) {
  key_context making(EVP_PKEY_CTX_new_from_name(nullptr, type, nullptr));
  EVP_PKEY* made = nullptr;
  bool const built = given && making && EVP_PKEY_fromdata_init(making.get()) > 0 &&
                     EVP_PKEY_fromdata(making.get(), &made, EVP_PKEY_PUBLIC_KEY, given.get()) > 0;
  public_key key(made);
  if (!built) return nullptr;
  key_context checking(EVP_PKEY_CTX_new_from_pkey(nullptr, key.get(), nullptr));
  return checking && EVP_PKEY_public_check(checking.get()) > 0 ? std::move(key) : nullptr;
}

public_key rsa_key(std::string_view modulus, std::string_view exponent) {
  auto const n = big_number(modulus);
  auto const e = big_number(exponent);
  parameter_builder builder(OSSL_PARAM_BLD_new());
  bool const fine = n && e && builder && OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, n.get()) > 0 &&
                    OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, e.get()) > 0;
  auto key = fine ? make_key("RSA", parameters(OSSL_PARAM_BLD_to_param(builder.get()))) : nullptr;
  return key && EVP_PKEY_get_bits(key.get()) >= least_rsa_bits ? std::move(key) : nullptr;
}

public_key p256_key(std::string_view x, std::string_view y) {
  if (x.size() != p256_bytes || y.size() != p256_bytes) return nullptr;
  auto const point = std::string("\x04").append(x).append(y);  // uncompressed
  parameter_builder builder(OSSL_PARAM_BLD_new());
  bool const fine = builder && OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, "prime256v1", 0) > 0 &&
                    OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size()) > 0;
  return fine ? make_key("EC", parameters(OSSL_PARAM_BLD_to_param(builder.get()))) : nullptr;
}

/// A token has the two numbers one behind the other; OpenSSL wants them in DER. Empty when it is not two numbers.
std::string as_der(std::string_view signature) {
  if (signature.size() != 2 * p256_bytes) return {};
  ecdsa_signature made(ECDSA_SIG_new());
  auto r = big_number(signature.substr(0, p256_bytes));
  auto s = big_number(signature.substr(p256_bytes));
  if (!made || !r || !s || ECDSA_SIG_set0(made.get(), r.get(), s.get()) != 1) return {};
  static_cast<void>(r.release());  // they are the signature's now
  static_cast<void>(s.release());
  unsigned char* der = nullptr;
  auto const size = i2d_ECDSA_SIG(made.get(), &der);
  if (size <= 0) return {};
  std::string text(reinterpret_cast<char const*>(der), static_cast<std::size_t>(size));
  OPENSSL_free(der);
  return text;
}

bool verified(EVP_PKEY* key, std::string_view text, std::string_view signature) {
  digest_context context(EVP_MD_CTX_new());
  return context && EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha256(), nullptr, key) == 1 &&
         EVP_DigestVerify(context.get(), bytes_of(signature), signature.size(), bytes_of(text), text.size()) == 1;
}

std::optional<std::string> text_member(evoke::json::value of, std::string_view name) {
  auto const found = of.find(name);
  auto const text = found ? found->as_string() : std::nullopt;
  return text ? std::optional(std::string(*text)) : std::nullopt;
}

/// A member that is base64url; empty when it is not.
std::string bytes_member(evoke::json::value of, std::string_view name) {
  auto const text = text_member(of, name);
  return text ? from_base64url(*text).value_or("") : "";
}

struct listed_key {
  algorithm serves{};
  std::optional<std::string> id;
  public_key key;
};

/// Which algorithm a JSON Web Key is for; nothing when it is none of ours.
std::optional<algorithm> algorithm_of(evoke::json::value key) {
  auto const type = text_member(key, "kty");
  std::optional<algorithm> serves;
  if (type == "RSA") serves = algorithm::rs256;
  if (type == "EC" && text_member(key, "crv") == "P-256") serves = algorithm::es256;
  if (!serves || text_member(key, "use").value_or("sig") != "sig") return std::nullopt;
  std::string const name = *serves == algorithm::rs256 ? "RS256" : "ES256";
  return text_member(key, "alg").value_or(name) == name ? serves : std::nullopt;
}

}  // namespace

class signing_keys::impl {
 public:
  std::string secret;  // empty = none
  std::vector<listed_key> keys;

  [[nodiscard]] listed_key const* find(algorithm by, std::optional<std::string_view> id) const {
    listed_key const* only = nullptr;
    for (auto const& each : keys) {
      if (each.serves != by) continue;
      if (id && each.id == id) return &each;
      if (id) continue;
      if (only != nullptr) return nullptr;
      only = &each;
    }
    return only;
  }
};

evoke::result<signing_keys> signing_keys::from_secret(std::string secret) {
  if (secret.size() < least_secret_bytes) {
    return evoke::fail(evoke::errc::invalid_argument, "a secret must have " + std::to_string(least_secret_bytes) + " bytes or more");
  }
  auto made = std::make_shared<impl>();
  made->secret = std::move(secret);
  return signing_keys(std::move(made));
}

evoke::result<signing_keys> signing_keys::from_jwks(std::string_view json) {
  evoke::json::document document;
  auto const root = document.parse(json);
  if (!root) return std::unexpected(root.error());
  auto const list = root->find("keys");
  if (!list || !list->is_array()) return evoke::fail(evoke::errc::malformed, "a key set is an object with an array 'keys'");
  auto made = std::make_shared<impl>();
  for (auto const each : list->elements()) {
    auto const serves = algorithm_of(each);
    if (!serves) continue;
    auto key = *serves == algorithm::rs256 ? rsa_key(bytes_member(each, "n"), bytes_member(each, "e"))
                                           : p256_key(bytes_member(each, "x"), bytes_member(each, "y"));
    if (!key) return evoke::fail(evoke::errc::malformed, "the key at " + each.pointer() + " does not read, or is too short");
    made->keys.push_back({*serves, text_member(each, "kid"), std::move(key)});
  }
  if (made->keys.empty()) return evoke::fail(evoke::errc::invalid_argument, "the key set has no key for RS256 or ES256");
  return signing_keys(std::move(made));
}

bool signing_keys::serve(algorithm by) const noexcept {
  if (by == algorithm::hs256) return !keys_->secret.empty();
  for (auto const& each : keys_->keys)
    if (each.serves == by) return true;
  return false;
}

signing_keys::verdict signing_keys::check(algorithm by, std::optional<std::string_view> key_id, std::string_view text,
                                          std::string_view signature) const {
  if (by == algorithm::hs256) {
    if (keys_->secret.empty()) return verdict::no_such_key;
    std::array<unsigned char, EVP_MAX_MD_SIZE> expected{};
    unsigned int size = 0;
    auto const* done = HMAC(EVP_sha256(), keys_->secret.data(), static_cast<int>(keys_->secret.size()), bytes_of(text), text.size(),
                            expected.data(), &size);
    // In constant time: how long a comparison takes must not say how much of a forged signature was right.
    bool const good = done != nullptr && signature.size() == size && CRYPTO_memcmp(expected.data(), signature.data(), size) == 0;
    return good ? verdict::good : verdict::bad_signature;
  }
  auto const* key = keys_->find(by, key_id);
  if (key == nullptr) return verdict::no_such_key;
  auto const given = by == algorithm::es256 ? as_der(signature) : std::string(signature);
  return !given.empty() && verified(key->key.get(), text, given) ? verdict::good : verdict::bad_signature;
}

std::optional<std::string> from_base64url(std::string_view text) {
  constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  if (text.size() % 4 == 1) return std::nullopt;
  std::string made;
  std::uint32_t bits = 0;
  unsigned held = 0;
  for (char const c : text) {
    auto const value = alphabet.find(c);
    if (value == std::string_view::npos) return std::nullopt;
    bits = (bits << 6U) | static_cast<std::uint32_t>(value);
    held += 6;
    if (held < 8) continue;
    held -= 8;
    made.push_back(static_cast<char>((bits >> held) & 0xFFU));
  }
  if ((bits & ((1U << held) - 1)) != 0) return std::nullopt;
  return made;
}

}  // namespace users
