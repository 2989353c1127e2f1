#include "register_route.hpp"

#include <evoke/http/responses.hpp>

#include <memory>

namespace users {
namespace {

namespace http = evoke::http;

struct register_request {
  std::string auth0Token;
};
BOOST_DESCRIBE_STRUCT(register_request, (), (auth0Token))

struct accepted_reply {
  std::string message;
  std::string userId;
};
BOOST_DESCRIBE_STRUCT(accepted_reply, (), (message, userId))

struct duplicate_reply {
  std::string error;
  std::string duplicate_user_id;
};
BOOST_DESCRIBE_STRUCT(duplicate_reply, (), (error, duplicate_user_id))

http::response answer(token_refusal const& why) {
  auto made = http::problem(401, "invalid-token", "The token is not accepted", why.message);
  made.headers.emplace_back("WWW-Authenticate", R"(Bearer error="invalid_token")");  // RFC 6750
  return made;
}

http::response answer(profile_refusal const& why) {
  switch (why.fault) {
    case profile_fault::not_found:
      return http::problem(evoke::rejection::invalid("profile_not_found", "The profile source knows nobody of this name"));
    case profile_fault::timed_out:
      return http::problem(504, "profile-source-timeout", "The profile source did not answer in time", why.message);
    case profile_fault::overloaded: return http::problem(evoke::failure{evoke::errc::overloaded, why.message, {}, {}, 1'000, {}});
    case profile_fault::unavailable:
    case profile_fault::bad_answer: break;
  }
  return http::problem(502, "profile-source-unavailable", "The profile source is not to be had", why.message);
}

http::response answer(registration_accepted const& end) {
  return http::json_response(202, accepted_reply{"User registration initiated", end.user_id});
}

http::response answer(already_registered const& end) {
  return http::json_response(409, duplicate_reply{"User is already registered", end.duplicate_user_id});
}

http::response answer(evoke::rejection const& why) {
  return http::problem(why);
}

http::response answer(evoke::failure const& why) {
  return http::problem(why);
}

template <class... Ends>
http::response answer(std::variant<Ends...> const& end) {
  return std::visit([](auto const& which) { return answer(which); }, end);
}

}  // namespace

std::vector<http::route> register_routes(identification& people, registrar register_applicant, evoke::clock const& time) {
  auto const shared = std::make_shared<registrar const>(std::move(register_applicant));
  auto const handle = [&people, &time, shared](http::request const& request, http::responder respond) {
    auto const wanted = evoke::json::decode<register_request>(request.body());
    if (!wanted) return respond(http::problem(wanted.error()));
    people.identify(wanted->auth0Token, time.now(), [shared, respond = std::move(respond)](identification_result who) mutable {
      if (!who) return respond(answer(who.error()));
      (*shared)(std::move(*who), [respond = std::move(respond)](registration_end const& end) mutable { respond(answer(end)); });
    });
  };
  return {{http::method::post, "/commands/auth/register", handle, "Registers the bearer of a token as a user"}};
}

}  // namespace users
