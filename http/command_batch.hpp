#pragma once

#include "http/command_request.hpp"

#include <evoke/failure.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace evoke::http {

/// One command of POST /v1/commands:batch.
struct batched_command {
  std::string type{};
  std::string id{};
  std::string command{};
  std::string body{};  ///< byte for byte as the client wrote it, so that an idempotency key means the same here and in a request of its own
  command_wish wish{};
  std::string expected{};            ///< the version that is demanded, as JSON; "" = none
  std::optional<failure> refused{};  ///< why this one cannot be asked for, if so
};

/// What a batch is held to.
struct batch_limits {
  std::size_t max_commands;
  std::size_t max_json_depth;  ///< of each command's body
};

/// Reads a batch: `[{"aggregate_type", "aggregate_id", "command", "body"?, "expected_version"?, "idempotency_key"?, ...}]`. An entry that
/// does not fit is refused by itself. @param all what holds for every command whose entry does not say otherwise
/// @returns malformed when the body is not JSON, or no array of at least one element; limit_exceeded for more commands than a batch takes.
[[nodiscard]] result<std::vector<batched_command>> parse_batch(std::string_view body, command_wish const& all, batch_limits const& most);

}  // namespace evoke::http
