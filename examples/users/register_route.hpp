#pragma once

#include "identification.hpp"

#include <evoke/http/server.hpp>

#include <functional>
#include <string>
#include <variant>
#include <vector>

namespace users {

/// The user is registered, or will be: it was not known yet when the answer was due.
struct registration_accepted {
  std::string user_id;
};
/// Somebody with one of the applicant's identities is registered already.
struct already_registered {
  std::string duplicate_user_id;
};
/// What became of an applicant: one of the first two, a rule that said no, or something that broke.
using registration_end = std::variant<registration_accepted, already_registered, evoke::rejection, evoke::failure>;

/// Claims the applicant's identities and registers them, or records why not. Answers exactly once, on any thread, as soon as it is known
/// what became of it or its deadline has passed. Must not block.
using registrar = std::function<void(applicant, evoke::callback<registration_end>)>;

/// The route by which people register, beside the generic API:
///
///     POST /commands/auth/register  {auth0Token}
///       202 {"message":"User registration initiated","userId"}
///       409 {"error","duplicate_user_id"} already registered; 401 a bad or expired token; 422 a rule, or nobody has this profile;
///       502 the profile source is down or talks nonsense, 504 it is too slow, 503 too many are waiting for it
///
/// @param people must outlive the server that answers the route, as must `time`.
[[nodiscard]] std::vector<evoke::http::route> register_routes(identification& people, registrar register_applicant,
                                                              evoke::clock const& time = evoke::system_clock());

}  // namespace users
