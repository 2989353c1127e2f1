#include <evoke/json.hpp>

#include <set>
#include <utility>

#include "runtime/metadata_limits.hpp"
#include "runtime/runtime_core.hpp"

/// Raw appends: checked and brought to their stored form here, then one more kind of command.
namespace evoke {
namespace {

result<std::vector<persistence::event_draft>> drafts_of(raw_append_request& request, detail::bound_types& names) {
  std::vector<persistence::event_draft> drafts;
  std::set<event_id> ids;
  for (std::size_t i = 0; i < request.events.size(); ++i) {
    auto& each = request.events[i];
    auto const at = std::string("/").append(std::to_string(i));
    persistence::event_draft draft;
    auto type = names.raw_event(each.type);
    if (!type) return std::unexpected(type.error());
    draft.type = *type;
    auto data = json::minify(each.data);
    if (!data) {
      auto why = data.error();
      for (auto& field : why.errors) field.pointer = at + "/data" + field.pointer;
      return fail(std::move(why));
    }
    draft.data = std::move(*data);
    metadata own;
    own.extra = std::move(each.extra);
    if (auto checked = detail::check_limits(own, {}); !checked) return std::unexpected(checked.error());
    draft.extra = std::move(own.extra);
    if (each.id) {
      if (each.id->is_nil()) return fail(errc::invalid_argument, at + "/event_id is the nil UUID");
      if (!ids.insert(*each.id).second) return fail(errc::invalid_argument, at + "/event_id stands twice in this batch");
      draft.client_id = each.id;
    }
    drafts.push_back(std::move(draft));
  }
  return drafts;
}

}  // namespace

void runtime_core::append(raw_append_request request, callback<command_result> done) {
  auto const refuse = [&](failure why) { tell_soon([done = std::move(done), why = std::move(why)]() mutable { done(std::move(why)); }); };
  if (auto why = refusal()) return refuse(std::move(*why));
  if (open_.full()) return overloaded_.tell(std::move(done));
  auto id = aggregate_id::parse(request.id);
  if (!id) return refuse(id.error());
  if (request.events.empty()) return refuse({errc::invalid_argument, "an append needs at least one event", {}, {}, {}});
  if (request.events.size() > options_.limits.max_events_per_command)
    return refuse(
        {errc::limit_exceeded, "more events in one append than " + std::to_string(options_.limits.max_events_per_command), {}, {}, {}});
  if (auto checked = detail::check_limits(request.meta, {}); !checked) return refuse(checked.error());
  // The type comes last of what may fail by itself: a refused append must not use up a name.
  if (auto const* known = bound_.find(request.type); known != nullptr && known->definition != nullptr)
    return refuse({errc::not_allowed, "type " + request.type + " is registered: its events come from its commands only", {}, {}, {}});
  auto drafts = drafts_of(request, bound_);
  if (!drafts) return refuse(drafts.error());
  auto type = bound_.raw(request.type);
  if (!type) return refuse(type.error());
  if (!open_.admit()) return overloaded_.tell(std::move(done));
  boost::intrusive_ptr<actors::open_command> opened(
      new actors::open_command(services_, open_, **type, std::move(*id), workers_.here_or_next(), std::move(done)));
  opened->raw = true;
  opened->change.events = std::move(*drafts);
  opened->options.expected = std::move(request.expected);
  opened->options.meta = std::move(request.meta);
  host_.aggregates().deliver(std::move(opened));
}

}  // namespace evoke
