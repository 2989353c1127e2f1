#include "bench/load/embedded_calls.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <utility>

namespace evoke::load {
namespace {

std::string rendered(text_template const& from, placeholder_values const& values) {
  std::string out;
  from.render(values, out);
  return out;
}

call_end end_of(command_result const& end) {
  auto const judged = judge(end);
  return {judged, judged.how == outcome::failed ? end.error().message : std::string()};
}

template <class Reply>
call_end end_of_read(result<Reply> const& reply) {
  if (reply) return {judge_read(), {}};
  return {judge(reply.error()), reply.error().message};
}

/// The body of a raw append over HTTP, for the library: [{"event_type","data","event_id"?,"metadata"?}].
result<std::vector<raw_event>> raw_events(std::string const& body) {
  std::vector<raw_event> made;
  auto const list = nlohmann::json::parse(body, nullptr, false);
  if (!list.is_array()) return fail(errc::malformed, "the body of an append is a list of events");
  for (auto const& each : list) {
    if (!each.is_object() || !each.contains("event_type") || !each["event_type"].is_string() || !each.contains("data")) {
      return fail(errc::malformed, "an event needs event_type and data");
    }
    made.push_back({{}, each["event_type"].get<std::string>(), each["data"].dump(), {}});
  }
  return made;
}

}  // namespace

void make_call(runtime& on, operation const& what, placeholder_values const& values, std::move_only_function<void(call_end)> done) {
  switch (what.kind) {
    case operation_kind::command: {
      command_request asked{what.type, rendered(what.id, values), what.command, rendered(what.body, values), {}};
      if (!what.idempotency_key.empty()) asked.options.idempotency_key = rendered(what.idempotency_key, values);
      if (asked.body.empty()) asked.body = "{}";
      return on.execute(std::move(asked), [done = std::move(done)](command_result const& end) mutable { done(end_of(end)); });
    }
    case operation_kind::append: {
      auto events = raw_events(rendered(what.body, values));
      if (!events) return done({judge(events.error()), events.error().message});
      return on.append({what.type, rendered(what.id, values), std::move(*events), {}, {}},
                       [done = std::move(done)](command_result const& end) mutable { done(end_of(end)); });
    }
    case operation_kind::state:
      return on.state({what.type, rendered(what.id, values), {}, {}},
                      [done = std::move(done)](result<state_reply> reply) mutable { done(end_of_read(reply)); });
    case operation_kind::view:
      return on.find({what.type, rendered(what.id, values), {}},
                     [done = std::move(done)](result<document_reply> reply) mutable { done(end_of_read(reply)); });
    case operation_kind::get: break;  // can_be_called() has said no
  }
  done({judge(failure{errc::invalid_argument, {}, {}, {}, {}, {}}), "only a server answers this"});
}

result<void> can_be_called(workload const& work) {
  auto const only_served = std::ranges::find(work.operations, operation_kind::get, &operation::kind);
  if (only_served == work.operations.end()) return {};
  return fail(errc::invalid_argument, "'" + only_served->name + "' is a GET: only a server answers it, not the library");
}

}  // namespace evoke::load
