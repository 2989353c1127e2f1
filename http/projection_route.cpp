#include "http/answering.hpp"
#include "http/cursor.hpp"
#include "http/generic_routes.hpp"
#include "http/json_text.hpp"
#include "http/pages.hpp"
#include "http/parameters.hpp"
#include "http/problem.hpp"
#include "http/view_json.hpp"

/// Projections: how they are doing, and what an operator may do to them.
namespace evoke::http {
namespace {

constexpr std::size_t standard_limit = 100;

void answer_status(api_context& api, std::string name, ticket reply_to) {
  api.served.projection(std::move(name), [to = std::move(reply_to)](result<projection_status> found) mutable {
    to.answer([found = std::move(found)](reply& out, incoming const&) {
      if (!found) return render_failure(out, found.error());
      out.content_type = media::json;
      out.header("Cache-Control", "no-store");
      append_status(out.body, *found);
    });
  });
}

using verb = void (runtime::*)(std::string, callback<result<void>>);

/// Does something to a projection and answers how it is then.
void carry_out(verb what, api_context& api, incoming const& request, ticket reply_to) {
  if (auto checked = check_query(request, {}); !checked) return refuse(std::move(reply_to), checked.error());
  std::string name(request.param("projection"));
  (api.served.*what)(name, [&api, name, to = std::move(reply_to)](result<void> done) mutable {
    if (!done) return refuse(std::move(to), done.error());
    answer_status(api, std::move(name), std::move(to));
  });
}

callback<result<letters_handled>> answer_handled(ticket reply_to) {
  return [to = std::move(reply_to)](result<letters_handled> end) mutable {
    to.answer([end = std::move(end)](reply& out, incoming const&) {
      if (!end) return render_failure(out, end.error());
      out.content_type = media::json;
      out.body.append("{");
      append_member(out.body, "handled", end->handled);
      append_member(out.body, "left", end->left);
      if (!end->error.empty()) append_member(out.body, "error", end->error);
      out.body.append("}");
    });
  };
}

/// The letter that a path names. What is no number is no letter's name.
result<std::uint64_t> letter_of(incoming const& request) {
  auto const number = parse_number(request.param("number"));
  if (!number) return fail(errc::not_found, "dead letters are named by their number");
  return *number;
}

void render_letters(api_context const& api, dead_letter_page const& page, incoming const& asked, reply& out) {
  out.content_type = media::json;
  out.header("Cache-Control", "no-store");
  auto& body = out.body;
  body.append("{");
  append_member(body, "projection", asked.param("projection"));
  append_name(body, "dead_letters");
  body.append("[");
  for (auto const& each : page.letters) {
    if (body.back() != '[') body.append(",");
    append_dead_letter(body, each);
  }
  body.append("]");
  if (page.next) {
    auto const cursor = make_cursor("dead-letters", std::to_string(*page.next));
    append_next_link(api, asked, {{"cursor", cursor}}, out);
    append_member(body, "next_cursor", cursor);
  }
  body.append("}");
}

}  // namespace

void answer_projections(api_context& api, incoming& request, ticket reply_to) {
  if (auto checked = check_query(request, {}); !checked) return refuse(std::move(reply_to), checked.error());
  api.served.projections([to = std::move(reply_to)](result<std::vector<projection_status>> all) mutable {
    to.answer([all = std::move(all)](reply& out, incoming const&) {
      if (!all) return render_failure(out, all.error());
      out.content_type = media::json;
      out.header("Cache-Control", "no-store");
      out.body.append("{\"projections\":[");
      for (auto const& each : *all) {
        if (out.body.back() != '[') out.body.append(",");
        append_status(out.body, each);
      }
      out.body.append("]}");
    });
  });
}

void answer_projection(api_context& api, incoming& request, ticket reply_to) {
  if (auto checked = check_query(request, {}); !checked) return refuse(std::move(reply_to), checked.error());
  answer_status(api, std::string(request.param("projection")), std::move(reply_to));
}

void answer_pause(api_context& api, incoming& request, ticket reply_to) {
  carry_out(&runtime::pause_projection, api, request, std::move(reply_to));
}

void answer_resume(api_context& api, incoming& request, ticket reply_to) {
  carry_out(&runtime::resume_projection, api, request, std::move(reply_to));
}

void answer_rebuild(api_context& api, incoming& request, ticket reply_to) {
  carry_out(&runtime::rebuild_projection, api, request, std::move(reply_to));
}

void answer_dead_letters(api_context& api, incoming& request, ticket reply_to) {
  if (auto checked = check_query(request, {"limit", "cursor"}); !checked) return refuse(std::move(reply_to), checked.error());
  auto const limit = read_limit(request, standard_limit, api.limits.max_page_events);
  if (!limit) return refuse(std::move(reply_to), limit.error());
  std::uint64_t after = 0;
  if (auto const cursor = request.find_query("cursor")) {
    auto const last = read_cursor("dead-letters", *cursor);
    auto const number = last ? parse_number(*last) : std::nullopt;
    if (!number) return refuse(std::move(reply_to), {errc::invalid_argument, "cursor: not a cursor of this listing", {}, {}, {}, {}});
    after = *number;
  }
  api.served.dead_letters(std::string(request.param("projection")), after, *limit,
                          [&api, to = std::move(reply_to)](result<dead_letter_page> page) mutable {
                            to.answer([&api, page = std::move(page)](reply& out, incoming const& asked) {
                              if (!page) return render_failure(out, page.error());
                              render_letters(api, *page, asked, out);
                            });
                          });
}

void answer_retry(api_context& api, incoming& request, ticket reply_to) {
  if (auto checked = check_query(request, {"row"}); !checked) return refuse(std::move(reply_to), checked.error());
  auto const whole_row = read_flag(request, "row");
  if (!whole_row) return refuse(std::move(reply_to), whole_row.error());
  auto const number = letter_of(request);
  if (!number) return refuse(std::move(reply_to), number.error());
  api.served.retry_dead_letter(std::string(request.param("projection")), *number, *whole_row, answer_handled(std::move(reply_to)));
}

void answer_skip(api_context& api, incoming& request, ticket reply_to) {
  if (auto checked = check_query(request, {}); !checked) return refuse(std::move(reply_to), checked.error());
  auto const number = letter_of(request);
  if (!number) return refuse(std::move(reply_to), number.error());
  api.served.skip_dead_letter(std::string(request.param("projection")), *number, answer_handled(std::move(reply_to)));
}

}  // namespace evoke::http
