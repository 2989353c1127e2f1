#pragma once

#include "http/consistency_token.hpp"
#include "http/incoming.hpp"
#include "http/reply.hpp"

#include <evoke/read_model.hpp>
#include <evoke/result.hpp>

#include <chrono>
#include <optional>

namespace evoke::http {

/// What `Consistency-Token` and `Prefer` demand of a read: wait until the read model has come so far, and how long.
struct wanted_freshness {
  evoke::read_after after{};
  std::optional<std::chrono::seconds> waits{};  ///< `Prefer: wait` that is honoured
};

/// A token without `Prefer: wait` waits two seconds; `wait` is cut to `longest`. Without a token there is nothing to wait for.
/// @returns invalid_argument for a token that is malformed, or of another store.
[[nodiscard]] result<wanted_freshness> read_freshness(incoming const& request, consistency_tokens const& tokens,
                                                      std::chrono::milliseconds longest);

/// `Preference-Applied`, where there is something to say, and `Consistency-Token` for the position that was read at.
void append_freshness(wanted_freshness const& wanted, consistency_tokens const& tokens, position checkpoint, reply& out);

}  // namespace evoke::http
