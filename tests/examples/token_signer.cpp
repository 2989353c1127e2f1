#include "token_signer.hpp"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include <array>
#include <stdexcept>
#include <vector>

namespace tests {
namespace {

void demand(bool fine) {
  if (!fine) throw std::runtime_error("OpenSSL did not do as asked");
}

unsigned char const* bytes_of(std::string_view text) {
  return reinterpret_cast<unsigned char const*>(text.data());
}

std::string padded(BIGNUM const* of, int size) {
  std::vector<unsigned char> bytes(static_cast<std::size_t>(size));
  demand(BN_bn2binpad(of, bytes.data(), size) == size);
  return {bytes.begin(), bytes.end()};
}

std::string big_member(EVP_PKEY* key, char const* name, int size = 0) {
  BIGNUM* number = nullptr;
  demand(EVP_PKEY_get_bn_param(key, name, &number) == 1);
  auto made = padded(number, size > 0 ? size : BN_num_bytes(number));
  BN_free(number);
  return base64url(made);
}

/// The two numbers of a DER signature, one behind the other.
std::string as_two_numbers(std::string const& der) {
  auto const* bytes = bytes_of(der);
  ECDSA_SIG* read = d2i_ECDSA_SIG(nullptr, &bytes, static_cast<long>(der.size()));
  demand(read != nullptr);
  auto made = padded(ECDSA_SIG_get0_r(read), 32) + padded(ECDSA_SIG_get0_s(read), 32);
  ECDSA_SIG_free(read);
  return made;
}

}  // namespace

std::string base64url(std::string_view bytes) {
  constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  std::string made;
  std::uint32_t bits = 0;
  unsigned held = 0;
  for (char const c : bytes) {
    bits = (bits << 8U) | static_cast<unsigned char>(c);
    for (held += 8; held >= 6;) {
      held -= 6;
      made += alphabet[(bits >> held) & 0x3FU];
    }
  }
  if (held > 0) made += alphabet[(bits << (6 - held)) & 0x3FU];
  return made;
}

class token_signer::impl {
 public:
  enum class kind { secret, rsa, p256 };
  impl(kind is, std::string with_secret, EVP_PKEY* with_key) : is_(is), secret_(std::move(with_secret)), key_(with_key) {
    demand(is == kind::secret || with_key != nullptr);
  }
  ~impl() { EVP_PKEY_free(key_); }
  impl(impl const&) = delete;
  impl& operator=(impl const&) = delete;

  [[nodiscard]] std::string hmac(std::string_view text) const {
    std::array<unsigned char, EVP_MAX_MD_SIZE> made{};
    unsigned int size = 0;
    auto const* done =
        HMAC(EVP_sha256(), secret_.data(), static_cast<int>(secret_.size()), bytes_of(text), text.size(), made.data(), &size);
    demand(done != nullptr);
    return {made.begin(), made.begin() + size};
  }
  [[nodiscard]] std::string digest_signature(std::string_view text) const {
    auto* context = EVP_MD_CTX_new();
    std::size_t size = 0;
    demand(EVP_DigestSignInit(context, nullptr, EVP_sha256(), nullptr, key_) == 1 &&
           EVP_DigestSign(context, nullptr, &size, bytes_of(text), text.size()) == 1);
    std::vector<unsigned char> made(size);
    demand(EVP_DigestSign(context, made.data(), &size, bytes_of(text), text.size()) == 1);
    EVP_MD_CTX_free(context);
    return {made.begin(), made.begin() + static_cast<std::ptrdiff_t>(size)};
  }

  kind is_;
  std::string secret_;
  EVP_PKEY* key_;
};

token_signer token_signer::with_secret(std::string secret) {
  return token_signer(std::make_shared<impl>(impl::kind::secret, std::move(secret), nullptr));
}
token_signer token_signer::with_rsa(unsigned bits) {
  return token_signer(std::make_shared<impl>(impl::kind::rsa, "", EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", std::size_t{bits})));
}
token_signer token_signer::with_p256() {
  return token_signer(std::make_shared<impl>(impl::kind::p256, "", EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256")));
}

std::string token_signer::signature(std::string_view text) const {
  switch (key_->is_) {
    case impl::kind::secret: return base64url(key_->hmac(text));
    case impl::kind::rsa: return base64url(key_->digest_signature(text));
    case impl::kind::p256: return base64url(as_two_numbers(key_->digest_signature(text)));
  }
  return {};
}

std::string token_signer::sign(std::string_view header_json, std::string_view payload_json) const {
  auto const text = base64url(header_json) + "." + base64url(payload_json);
  return text + "." + signature(text);
}

std::string token_signer::public_jwk(std::string const& more) const {
  auto const rest = (more.empty() ? "" : ",") + more + "}";
  if (key_->is_ == impl::kind::rsa) {
    return R"({"kty":"RSA","n":")" + big_member(key_->key_, OSSL_PKEY_PARAM_RSA_N) + R"(","e":")" +
           big_member(key_->key_, OSSL_PKEY_PARAM_RSA_E) + "\"" + rest;
  }
  return R"({"kty":"EC","crv":"P-256","x":")" + big_member(key_->key_, OSSL_PKEY_PARAM_EC_PUB_X, 32) + R"(","y":")" +
         big_member(key_->key_, OSSL_PKEY_PARAM_EC_PUB_Y, 32) + "\"" + rest;
}

std::string token_signer::public_pem() const {
  auto* out = BIO_new(BIO_s_mem());
  demand(PEM_write_bio_PUBKEY(out, key_->key_) == 1);
  char* text = nullptr;
  auto const size = BIO_get_mem_data(out, &text);
  std::string made(text, static_cast<std::size_t>(size));
  BIO_free(out);
  return made;
}

}  // namespace tests
