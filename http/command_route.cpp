#include "http/command_answer.hpp"
#include "http/command_execution.hpp"
#include "http/command_request.hpp"
#include "http/generic_routes.hpp"
#include "http/problem.hpp"

namespace evoke::http {

void answer_command(api_context& api, incoming& request, ticket reply_to) {
  auto wish = read_command_wish(request);
  if (!wish) return reply_to.answer([&](reply& out, incoming const&) { render_failure(out, wish.error()); });
  auto const wanted = wish->reply;
  auto const dry_run = wish->options.dry_run;
  command_request made{std::string(request.param("type")), std::string(request.param("id")), std::string(request.param("command")),
                       request.take_body(), std::move(wish->options)};
  if (made.body.empty()) made.body = "{}";  // a command without fields needs no body
  carry_out(api, std::move(made), wanted, [&api, wanted, dry_run, to = std::move(reply_to)](command_result end) mutable {
    to.answer([&api, wanted, dry_run, end = std::move(end)](reply& out, incoming const& asked) {
      render_command_result(api, {asked.param("type"), asked.param("id")}, wanted, dry_run, end, asked, out);
    });
  });
}

}  // namespace evoke::http
