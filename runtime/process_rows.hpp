#pragma once

#include <evoke/processes.hpp>

#include <optional>
#include <string>
#include <string_view>

/// Rows of row_space::processes that the engine writes, as JSON (docs/storage_format.md).
namespace evoke::detail {

[[nodiscard]] std::string process_checkpoint_key(std::string_view process);
[[nodiscard]] std::string encode_process_checkpoint(position at);
/// nothing when it does not read.
[[nodiscard]] std::optional<position> decode_process_checkpoint(std::string_view row);
[[nodiscard]] std::string encode_blocked_instance(process_block const& from);
[[nodiscard]] std::optional<process_block> decode_blocked_instance(std::string_view row);

}  // namespace evoke::detail
