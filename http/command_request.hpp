#pragma once

#include "http/incoming.hpp"
#include "http/prefer.hpp"

#include <evoke/command.hpp>
#include <evoke/result.hpp>

namespace evoke::http {

/// What a command's headers and query say, apart from its fields. @returns invalid_argument for a header that does not parse.
struct command_wish {
  command_options options{};
  preferences::reply reply = preferences::reply::standard;

  [[nodiscard]] bool wants_state() const noexcept { return options.dry_run || reply == preferences::reply::representation; }
};

[[nodiscard]] result<command_wish> read_command_wish(incoming const& request);

}  // namespace evoke::http
