#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace evoke {

/// Why a domain refuses a command. HTTP answers 422, 409, 404 and 403 respectively.
enum class rejection_kind : std::uint8_t { invalid, conflict, not_found, forbidden };

[[nodiscard]] std::string_view name_of(rejection_kind kind) noexcept;

/// The domain said no. Not a failure: the command was understood, decided and refused, and with an idempotency key the refusal
/// is remembered like a success.
struct rejection {
  rejection_kind kind{};
  std::string code;       ///< stable, snake_case, e.g. "cart_already_checked_out"; part of the domain's interface
  std::string message;    ///< a sentence for people
  std::string details{};  ///< a JSON object as text with what a program may use, or empty

  [[nodiscard]] static rejection invalid(std::string code, std::string message, std::string details = {}) {
    return {rejection_kind::invalid, std::move(code), std::move(message), std::move(details)};
  }
  [[nodiscard]] static rejection conflict(std::string code, std::string message, std::string details = {}) {
    return {rejection_kind::conflict, std::move(code), std::move(message), std::move(details)};
  }
  [[nodiscard]] static rejection not_found(std::string code, std::string message, std::string details = {}) {
    return {rejection_kind::not_found, std::move(code), std::move(message), std::move(details)};
  }
  [[nodiscard]] static rejection forbidden(std::string code, std::string message, std::string details = {}) {
    return {rejection_kind::forbidden, std::move(code), std::move(message), std::move(details)};
  }

  friend bool operator==(rejection const&, rejection const&) = default;
};

}  // namespace evoke
