#pragma once

#include "http/api.hpp"
#include "http/prefer.hpp"

#include <evoke/command.hpp>
#include <evoke/runtime.hpp>

namespace evoke::http {

/// Carries a command out, as the runtime does. When the client wants the state with the reply, a success that is replayed gets it, too:
/// it is read as it was then. When that cannot be had, the reply goes without it.
void carry_out(api_context& api, command_request made, preferences::reply wanted, callback<command_result> done);

}  // namespace evoke::http
