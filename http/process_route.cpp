#include <evoke/json.hpp>

#include "http/answering.hpp"
#include "http/cursor.hpp"
#include "http/generic_routes.hpp"
#include "http/json_text.hpp"
#include "http/pages.hpp"
#include "http/parameters.hpp"
#include "http/percent.hpp"
#include "http/problem.hpp"

/// Process managers: how they are doing, their instances, and what waits for a person.
namespace evoke::http {
namespace {

constexpr std::size_t standard_limit = 100;

std::string process_of(incoming const& request) {
  return std::string(request.param("process"));
}
std::string instance_of(incoming const& request) {
  return std::string(request.param("id"));
}

/// Appends the members of `value`, which is described, without its braces.
template <class T>
void append_members(std::string& body, T const& value) {
  auto const before = body.size();
  if (!json::append(body, value)) return body.resize(before);
  body.pop_back();
  body.erase(before, 1);
}

void append_summary(std::string& body, process_summary const& summary) {
  body.append("{");
  append_members(body, summary);
}

void answer_instance(api_context& api, std::string name, std::string id, ticket reply_to) {
  api.served.processes().instance(
      name, id, answering<process_instance_reply>(std::move(reply_to), [&api, name, id](auto const& found, auto const&, reply& out) {
        auto& body = out.body;
        body.append("{");
        append_member(body, "process", name);
        append_member(body, "id", id);
        append_member(body, "version", found.version.value());
        body.append(",");
        append_members(body, found.instance);
        if (found.blocked) {
          body.append(",\"blocked\":{");
          append_members(body, *found.blocked);
          body.append("}");
        }
        std::string history;
        api.append_link(history, "/v1/streams/");
        percent_encode(name, history);
        history.append("/");
        percent_encode(id, history);
        append_member(body, "history", history);
        body.append("}");
      }));
}

result<process_list> list_of(incoming const& request) {
  auto const wanted = request.find_query("list");
  if (!wanted || *wanted == "open") return process_list::open;
  if (*wanted == "stuck") return process_list::stuck;
  if (*wanted == "blocked") return process_list::blocked;
  return fail(errc::invalid_argument, "list: one of open, stuck, blocked");
}

void render_page(api_context const& api, process_summary const& summary, process_page const& page, incoming const& asked, reply& out) {
  auto& body = out.body;
  append_summary(body, summary);
  body.append(",\"instances\":[");
  for (auto const& id : page.ids) {
    if (body.back() != '[') body.append(",");
    append_string(body, id);
  }
  body.append("]");
  if (page.next) {
    auto const cursor = make_cursor("processes", *page.next);
    append_next_link(api, asked, {{"cursor", cursor}}, out);
    append_member(body, "next_cursor", cursor);
  }
  body.append("}");
}

/// Answers how the process is after what was asked for it was done.
processes::callback<result<void>> then_show(api_context& api, std::string name, ticket reply_to) {
  return [&api, name = std::move(name), to = std::move(reply_to)](result<void> done) mutable {
    if (!done) return refuse(std::move(to), done.error());
    api.served.processes().one(std::move(name), answering<process_summary>(std::move(to), [](auto const& now, auto const&, reply& out) {
                                 append_summary(out.body, now);
                                 out.body.append("}");
                               }));
  };
}

processes::callback<result<void>> then_show_instance(api_context& api, std::string name, std::string id, ticket reply_to) {
  return [&api, name = std::move(name), id = std::move(id), to = std::move(reply_to)](result<void> done) mutable {
    if (!done) return refuse(std::move(to), done.error());
    answer_instance(api, std::move(name), std::move(id), std::move(to));
  };
}

}  // namespace

void answer_processes(api_context& api, incoming& request, ticket reply_to) {
  if (auto checked = check_query(request, {}); !checked) return refuse(std::move(reply_to), checked.error());
  api.served.processes().all(answering<std::vector<process_summary>>(std::move(reply_to), [](auto const& all, auto const&, reply& out) {
    out.body.append("{\"processes\":[");
    for (auto const& each : all) {
      if (out.body.back() != '[') out.body.append(",");
      append_summary(out.body, each);
      out.body.append("}");
    }
    out.body.append("]}");
  }));
}

void answer_process(api_context& api, incoming& request, ticket reply_to) {
  if (auto checked = check_query(request, {"list", "limit", "cursor"}); !checked) return refuse(std::move(reply_to), checked.error());
  auto const limit = read_limit(request, standard_limit, api.limits.max_page_events);
  if (!limit) return refuse(std::move(reply_to), limit.error());
  auto const which = list_of(request);
  if (!which) return refuse(std::move(reply_to), which.error());
  process_list_request wanted{process_of(request), *which, {}, *limit};
  if (auto const cursor = request.find_query("cursor")) {
    auto const last = read_cursor("processes", *cursor);
    if (!last) return refuse(std::move(reply_to), {errc::invalid_argument, "cursor: not a cursor of this listing", {}, {}, {}, {}});
    wanted.after = *last;
  }
  auto name = wanted.name;
  api.served.processes().list(std::move(wanted), [&api, name, to = std::move(reply_to)](result<process_page> page) mutable {
    if (!page) return refuse(std::move(to), page.error());
    api.served.processes().one(name, answering<process_summary>(std::move(to), [&api, page = std::move(*page)](
                                                                                   auto const& summary, auto const& asked, reply& out) {
                                 render_page(api, summary, page, asked, out);
                               }));
  });
}

void answer_process_instance(api_context& api, incoming& request, ticket reply_to) {
  if (auto checked = check_query(request, {}); !checked) return refuse(std::move(reply_to), checked.error());
  answer_instance(api, process_of(request), instance_of(request), std::move(reply_to));
}

void answer_resume_process(api_context& api, incoming& request, ticket reply_to) {
  if (auto checked = check_query(request, {}); !checked) return refuse(std::move(reply_to), checked.error());
  auto name = process_of(request);
  api.served.processes().resume(name, then_show(api, name, std::move(reply_to)));
}

void answer_skip_process(api_context& api, incoming& request, ticket reply_to) {
  if (auto checked = check_query(request, {}); !checked) return refuse(std::move(reply_to), checked.error());
  auto name = process_of(request);
  api.served.processes().skip(name, then_show(api, name, std::move(reply_to)));
}

void answer_retry_instance(api_context& api, incoming& request, ticket reply_to) {
  if (auto checked = check_query(request, {}); !checked) return refuse(std::move(reply_to), checked.error());
  auto name = process_of(request);
  auto id = instance_of(request);
  api.served.processes().retry(name, id, then_show_instance(api, name, id, std::move(reply_to)));
}

void answer_close_instance(api_context& api, incoming& request, ticket reply_to) {
  if (auto checked = check_query(request, {}); !checked) return refuse(std::move(reply_to), checked.error());
  json::borrowed_document scratch;
  auto const body = scratch->parse(request.body());
  if (!body) return refuse(std::move(reply_to), body.error());
  auto const reason = body->find("reason");
  if (body->size() != 1 || !reason || !reason->is_string())
    return refuse(std::move(reply_to),
                  {errc::malformed, "the body names the reason", {{"/reason", "a string, and nothing else"}}, {}, {}, {}});
  auto name = process_of(request);
  auto id = instance_of(request);
  api.served.processes().close(name, id, std::string(*reason->as_string()), then_show_instance(api, name, id, std::move(reply_to)));
}

}  // namespace evoke::http
