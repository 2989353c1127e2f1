#include "persistence/live_group.hpp"

namespace evoke::persistence {
namespace {

std::size_t bytes_of(append const& one) noexcept {
  auto const& meta = one.meta;
  auto total = one.id.str().size() + meta.correlation_id.size() + meta.causation_id.size() + meta.user.size() + meta.traceparent.size() +
               meta.tracestate.size() + meta.extra.size();
  for (auto const& draft : one.events) total += draft.data.size() + draft.extra.size();
  return total;
}

/// Copies text to where it stays: the buffer was reserved for all of it, so views into it hold.
class keeper {
 public:
  explicit keeper(std::string& into) noexcept : into_(into) {}
  std::string_view operator()(std::string_view text) {
    auto const at = into_.size();
    into_.append(text);
    return {into_.data() + at, text.size()};
  }

 private:
  std::string& into_;
};

}  // namespace

live_group_ptr make_live_group(std::span<append* const> group, uuid const& store) {
  std::size_t events = 0;
  std::size_t bytes = 0;
  for (auto const* one : group) {
    if (one->events.empty()) continue;
    events += one->events.size();
    bytes += bytes_of(*one);
  }
  if (events == 0) return nullptr;
  auto made = std::make_shared<live_group>();
  made->events.reserve(events);
  made->bytes.reserve(bytes);
  keeper keep(made->bytes);
  for (auto const* one : group) {
    if (one->events.empty()) continue;
    event_view shared;
    shared.stream_type = one->type;
    shared.stream_id = keep(one->id.str());
    shared.time = one->time;
    shared.command_id = one->command_id;
    shared.correlation_id = keep(one->meta.correlation_id);
    shared.causation_id = keep(one->meta.causation_id);
    shared.user = keep(one->meta.user);
    shared.traceparent = keep(one->meta.traceparent);
    shared.tracestate = keep(one->meta.tracestate);
    auto const common_extra = keep(one->meta.extra);
    for (std::size_t i = 0; i < one->events.size(); ++i) {
      auto const& draft = one->events[i];
      auto& view = made->events.emplace_back(shared);
      view.type = draft.type;
      view.schema_version = draft.schema_version;
      view.version = one->first_version.plus(i);
      view.position = one->first_position.plus(i);
      view.id = draft.client_id ? *draft.client_id : made_event_id(store, one->time, view.position);
      view.data = keep(draft.data);
      view.extra = draft.extra.empty() ? common_extra : keep(draft.extra);
    }
  }
  made->before = position{made->events.front().position.value() - 1};
  made->last = made->events.back().position;
  return made;
}

}  // namespace evoke::persistence
