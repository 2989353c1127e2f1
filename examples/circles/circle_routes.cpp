#include "circle_routes.hpp"

#include "circle.hpp"
#include "circle_view.hpp"

#include <evoke/http/responses.hpp>

#include <string_view>

namespace circles {
namespace {

namespace http = evoke::http;

struct update_request {
  std::optional<std::string> circle_name;
  std::optional<std::int16_t> capacity;
  std::uint64_t version = 0;  ///< the one that the client last saw
};
BOOST_DESCRIBE_STRUCT(update_request, (), (circle_name, capacity, version))

struct id_reply {
  std::string circle_id;
};
BOOST_DESCRIBE_STRUCT(id_reply, (), (circle_id))

struct circle_reply {
  std::string circle_id;
  std::string circle_name;
  std::int16_t capacity = 0;
  std::uint64_t version = 0;
};
BOOST_DESCRIBE_STRUCT(circle_reply, (), (circle_id, circle_name, capacity, version))

http::response unknown_circle() {
  return http::problem(evoke::rejection::not_found("circle_not_found", "There is no such circle"));
}

/// This service has always answered 400 where a rule is broken; the generic API says 422.
http::response refused(evoke::rejection const& why) {
  if (why.kind != evoke::rejection_kind::invalid) return http::problem(why);
  return http::problem(400, "rejection#" + why.code, "The domain refused the command", why.message);
}

/// Likewise 409 for a version that differs, where If-Match would lead to 412.
http::response failed(evoke::failure const& why) {
  if (why.code != evoke::errc::version_mismatch) return http::problem(why);
  auto const current = why.current_version.value_or(0);
  if (current == 0) return unknown_circle();
  return http::problem(evoke::rejection::conflict("circle_version_differs",
                                                  "The circle has changed since: it is at version " + std::to_string(current),
                                                  R"({"current_version":)" + std::to_string(current) + "}"));
}

/// Answers with the circle's id, or with what kept the command from being accepted.
evoke::callback<evoke::command_result> answer_with_id(std::uint16_t status, std::string id, http::responder respond) {
  return [status, id = std::move(id), respond = std::move(respond)](evoke::command_result const& end) mutable {
    if (end.rejected()) return respond(refused(end.why()));
    if (end.failed()) return respond(failed(end.error()));
    auto reply = http::json_response(status, id_reply{id});
    if (status == 201) reply.headers.emplace_back("Location", "/circle/" + id);
    respond(std::move(reply));
  };
}

void create(evoke::runtime& served, http::request const& request, http::responder respond) {
  auto command = evoke::json::decode<create_circle>(request.body());
  if (!command) return respond(http::problem(command.error()));
  auto const id = evoke::uuid::random().str();
  evoke::command_options options;
  options.expected = evoke::expected_version::no_stream();
  served.of<circle>(id).execute(std::move(*command), answer_with_id(201, id, std::move(respond)), std::move(options));
}

void update(evoke::runtime& served, http::request const& request, http::responder respond) {
  auto wanted = evoke::json::decode<update_request>(request.body());
  if (!wanted) return respond(http::problem(wanted.error()));
  std::string const id(request.param("id"));
  evoke::command_options options;
  // Never holds for version 0, which is what a client without a circle would send: that answers 404 or 409.
  options.expected = evoke::expected_version::exactly(evoke::version(wanted->version));
  served.of<circle>(id).execute(update_circle{std::move(wanted->circle_name), wanted->capacity},
                                answer_with_id(200, id, std::move(respond)), std::move(options));
}

http::response shown(std::string const& id, evoke::result<evoke::state_reply> const& found) {
  if (!found) return found.error().code == evoke::errc::not_found ? unknown_circle() : http::problem(found.error());
  auto const state = evoke::decode_state<circle>(found->state);
  if (!state) return http::problem(state.error());
  return http::json_response(200, circle_reply{id, state->name, state->capacity, found->version.value()});
}

void show(evoke::runtime& served, http::request const& request, http::responder respond) {
  std::string const id(request.param("id"));
  evoke::state_request wanted;
  wanted.type = "circle";
  wanted.id = id;
  served.state(std::move(wanted),
               [id, respond = std::move(respond)](evoke::result<evoke::state_reply> found) mutable { respond(shown(id, found)); });
}

evoke::result<std::string> as_reply(std::string const& document) {
  auto const circle = evoke::json::decode<circle_view>(document);
  if (!circle) return std::unexpected(circle.error());
  return evoke::json::encode(circle_reply{circle->id, circle->name, circle->capacity, circle->version.value()});
}

void list(evoke::runtime& served, http::request const& request, http::responder respond) {
  auto const limit = http::page_limit(request);
  if (!limit) return respond(http::problem(limit.error()));
  evoke::view_query wanted;
  wanted.projection = "circles";
  wanted.limit = *limit;
  wanted.cursor = std::string(request.query("cursor"));
  // These clients know no tokens: whatever was acknowledged before they asked is waited for, and if it takes too long they get what there
  // is.
  wanted.after = {.at = served.info().head, .accept_stale = true};
  served.query(std::move(wanted), [sent = std::string(request.query("limit")),
                                   respond = std::move(respond)](evoke::result<evoke::view_page> const& page) mutable {
    respond(http::array_response(page, "/circle", sent, as_reply));
  });
}

}  // namespace

std::vector<http::route> circle_routes(evoke::runtime& served, std::string version) {
  auto const with = [&served](auto handle) {
    return [&served, handle](http::request const& request, http::responder respond) { handle(served, request, std::move(respond)); };
  };
  auto const say_version = [version = std::move(version)](http::request const&, http::responder respond) {
    respond({.status = 200, .body = version, .content_type = "text/plain; charset=utf-8"});
  };
  return {
      {http::method::get, "/version", say_version, "The version of this service"},
      {http::method::get, "/circle", with(list), "All circles, page by page"},
      {http::method::post, "/circle", with(create), "Creates a circle"},
      {http::method::put, "/circle/{id}", with(update), "Changes a circle's name or capacity"},
      {http::method::get, "/circle/{id}", with(show), "A circle"},
  };
}

}  // namespace circles
