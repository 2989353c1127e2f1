#pragma once

#include <evoke/runtime.hpp>

#include <cstddef>
#include <span>

namespace server {

/// A command that is carried out on a new store, so that there is something to look at.
struct sample_command {
  char const* type;
  char const* id;  ///< begins with "sample-" wherever the domain lets it: it is in nobody's way
  char const* command;
  char const* body;
};
/// In order. Every one is accepted on an empty store.
[[nodiscard]] std::span<sample_command const> sample_commands() noexcept;

/// Carries them out when the store is empty, or was begun with them and is not complete. What was done is not done again, however often
/// this is called: each command expects the version that it found the first time, and has an idempotency key. Blocks.
/// @returns how many were carried out now, or the failure of the first that was not.
[[nodiscard]] evoke::result<std::size_t> add_sample_data(evoke::runtime& to);

}  // namespace server
