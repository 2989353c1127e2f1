#pragma once

#include "replay/expected_cart.hpp"
#include "replay/http_connection.hpp"
#include "replay/orders.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// The few requests of the HTTP API that the tool uses, and how their replies read. Only cart_api.cpp knows JSON.
namespace replay {

/// The idempotency keys hold the line's ordinal and so are the same in every run. `version` is the cart's as far as this run knows and
/// becomes If-Match; 0 = unknown, none is sent.
[[nodiscard]] http_request create_cart(invoice const& from);
[[nodiscard]] http_request add_cart_item(std::string_view cart_id, order_line const& line, std::uint64_t version);
[[nodiscard]] http_request check_out(invoice const& from, std::uint64_t version);
[[nodiscard]] http_request read_cart(std::string_view cart_id);
/// The cart's document in the read model `carts`. `token` is of the cart's last write: the answer has seen it.
[[nodiscard]] http_request read_cart_document(std::string_view cart_id, std::string_view token);
[[nodiscard]] http_request read_info();

/// What a problem+json says; empty members when it is none.
struct problem {
  std::string reason;  ///< the last part of its type: a rejection's code, or the API's own name
  std::string text;    ///< title and detail, for people
  std::optional<std::uint64_t> current_version;
};
[[nodiscard]] problem read_problem(http_reply const& reply);

/// How a command ended.
struct command_end {
  enum class kind : std::uint8_t {
    accepted,
    rejected,         ///< by the domain or by the API: it would be again
    version_differs,  ///< If-Match or If-None-Match did not hold; `version` is the cart's
    unexpected,       ///< an answer that the API does not give to such a request
  };
  kind end = kind::unexpected;
  bool replayed = false;      ///< answered from the record of an earlier request with the same key
  std::uint64_t version = 0;  ///< accepted: after it
  std::string reason;         ///< rejected: a name to count by
  std::string text;           ///< all but accepted: for people
};
[[nodiscard]] command_end read_command_end(http_reply const& reply);

/// @returns malformed for what is no cart's state; an absent cart (404), or one whose id cannot be (400), has version 0.
[[nodiscard]] evoke::result<cart_view> read_cart_reply(http_reply const& reply);

/// The same of the read model's document; its version is the number of the last event in it. Totals of lines are checked here.
[[nodiscard]] evoke::result<cart_view> read_document_reply(http_reply const& reply);

struct server_info {
  std::uint64_t head = 0;  ///< last position of the log
};
/// @returns malformed when the server is not evoke.
[[nodiscard]] evoke::result<server_info> read_info_reply(http_reply const& reply);

}  // namespace replay
