#pragma once

#include "http/api.hpp"
#include "http/prefer.hpp"

#include <evoke/command.hpp>

#include <string>
#include <string_view>

namespace evoke::http {

/// Which resource a command or raw append changed.
struct changed {
  std::string_view type;
  std::string_view id;
  std::string_view collection = "aggregates";  ///< or "streams": where Location points
};

/// Renders the end of a command, accepted or not.
void render_command_result(api_context const& api, changed const& what, preferences::reply wanted, bool dry_run, command_result const& end,
                           incoming const& request, reply& out);

/// Appends the same as an object, for a reply that holds several: what the command's own reply would have as its body, with `status` and
/// what would be said in headers. @param expected the version that was demanded, as JSON
void append_outcome(changed const& what, preferences::reply wanted, bool dry_run, command_result const& end, std::string_view expected,
                    std::string& out);

}  // namespace evoke::http
