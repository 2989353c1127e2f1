#pragma once

#include <evoke/persistent_subscription.hpp>
#include <evoke/result.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// The bodies of /v1/subscriptions, both ways.
namespace evoke::http {

/// What PUT sends. `after` is a cursor of the log, or "now"; absent = from the beginning.
struct subscription_body {
  persistent_subscription_settings settings;
  bool from_now = false;
};
/// @returns malformed with the fields that do not fit; invalid_argument for an `after` that is no cursor.
[[nodiscard]] result<subscription_body> read_subscription(std::string_view body);

/// What :ack and :nack send.
struct settle_body {
  std::string lease;
  std::vector<event_id> events;  ///< empty = all of the lease
  nack_action action = nack_action::retry;
  std::string reason;
};
[[nodiscard]] result<settle_body> read_ack(std::string_view body);
[[nodiscard]] result<settle_body> read_nack(std::string_view body);

void append_status(std::string& out, persistent_subscription_status const& of);
void append_deliveries(std::string& out, delivery_batch const& batch);
void append_acknowledgement(std::string& out, acknowledgement const& end);
void append_parked(std::string& out, parked_event const& one);

}  // namespace evoke::http
