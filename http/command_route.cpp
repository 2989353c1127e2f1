#include "http/command_answer.hpp"
#include "http/command_request.hpp"
#include "http/generic_routes.hpp"
#include "http/problem.hpp"

namespace evoke::http {
namespace {

void answer_with(api_context& api, command_result end, preferences::reply wanted, bool dry_run, ticket reply_to) {
  reply_to.answer([&api, wanted, dry_run, end = std::move(end)](reply& out, incoming const& asked) {
    render_command_result(api, {asked.param("type"), asked.param("id")}, wanted, dry_run, end, asked, out);
  });
}

/// For `Prefer: return=representation`. A replayed success does not hold the state: it is read as it was then. When that cannot be had, the
/// answer goes without it, and without saying that the preference was applied.
void execute_for_state(api_context& api, command_request made, ticket reply_to) {
  state_request then{made.type, made.id, {}, {}};
  bool const dry_run = made.options.dry_run;
  auto done = [&api, dry_run, then = std::move(then), to = std::move(reply_to)](command_result end) mutable {
    constexpr auto wanted = preferences::reply::representation;
    if (!end.accepted() || !end.replayed() || end.reply().version == version{})
      return answer_with(api, std::move(end), wanted, dry_run, std::move(to));
    then.at_version = end.reply().version;
    api.served.state(std::move(then), [&api, end = std::move(end), to = std::move(to)](result<state_reply> state) mutable {
      if (state) end.reply().state = std::move(state->state);
      answer_with(api, std::move(end), wanted, false, std::move(to));
    });
  };
  api.served.execute(std::move(made), std::move(done));
}

}  // namespace

void answer_command(api_context& api, incoming& request, ticket reply_to) {
  auto wish = read_command_wish(request);
  if (!wish) return reply_to.answer([&](reply& out, incoming const&) { render_failure(out, wish.error()); });
  auto const wanted = wish->reply;
  auto const dry_run = wish->options.dry_run;
  command_request made{std::string(request.param("type")), std::string(request.param("id")), std::string(request.param("command")),
                       request.take_body(), std::move(wish->options)};
  if (made.body.empty()) made.body = "{}";  // a command without fields needs no body
  if (wanted == preferences::reply::representation) return execute_for_state(api, std::move(made), std::move(reply_to));
  api.served.execute(std::move(made), [&api, wanted, dry_run, to = std::move(reply_to)](command_result end) mutable {
    answer_with(api, std::move(end), wanted, dry_run, std::move(to));
  });
}

}  // namespace evoke::http
