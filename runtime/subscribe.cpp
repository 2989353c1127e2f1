#include <algorithm>
#include <utility>

#include "runtime/runtime_core.hpp"
#include "runtime/subscription_state.hpp"

/// Opening subscriptions, and ending them when the runtime stops.
namespace evoke {

/// A name that nobody knows would match nothing for ever, in silence: most likely it is misspelt.
result<void> runtime_core::check_known(log_filter const& wanted) const {
  using persistence::name_kind;
  for (auto const& each : wanted.types)
    if (store_->find_name(name_kind::aggregate_type, each) == 0) return fail(errc::unknown_type, "there is no aggregate type " + each);
  for (auto const& each : wanted.event_types)
    if (store_->find_name(name_kind::event_type, each) == 0) return fail(errc::unknown_type, "there is no event type " + each);
  return {};
}

result<subscription> runtime_core::subscribe(subscription_request request) {
  auto filter = resolve(request.filter);
  auto how = request.raw ? actors::reading{.raw = true} : events_.widen(filter);
  return subscribe(std::move(request), std::move(filter), std::move(how));
}

result<subscription> runtime_core::subscribe_stored(subscription_request request) {
  auto filter = resolve(request.filter);
  if (!request.raw) static_cast<void>(events_.widen(filter));
  return subscribe(std::move(request), std::move(filter), {.raw = true});
}

result<subscription> runtime_core::subscribe(subscription_request request, persistence::resolved_filter filter, actors::reading how) {
  if (draining_.load(std::memory_order_acquire)) return fail({errc::draining, "the runtime is stopping", {}, {}, 1'000});
  if (auto checked = check_known(request.filter); !checked) return std::unexpected(std::move(checked.error()));
  if (request.after > store_->head())
    return fail(errc::invalid_argument, "position " + std::to_string(request.after.value()) + " is beyond the head of the log");
  subscription::state::wanted wanted;
  wanted.after = request.after;
  wanted.filter = std::move(filter);
  wanted.how = std::move(how);
  wanted.max_events = std::clamp<std::size_t>(request.max_events, 1, options_.limits.max_page_events);
  if (request.stream) {
    if (!request.filter.empty()) return fail(errc::invalid_argument, "give a stream or a filter, not both");
    auto type = known_type(request.stream->type);
    if (!type) return std::unexpected(std::move(type.error()));
    if (auto id = aggregate_id::parse(request.stream->id); !id) return std::unexpected(std::move(id.error()));
    wanted.stream_type = (*type)->number;
    wanted.stream_id = std::move(request.stream->id);
  }
  subscription::state::world const world{*store_, events_, pool_, answers_, workers_, options_.limits};
  auto made = std::make_shared<subscription::state>(world, feed_, subscribers_, std::move(wanted), workers_.here_or_next());
  if (!subscribers_->enter(made))
    return fail({errc::overloaded, "there are as many subscriptions as limits.max_subscriptions allows", {}, {}, 1'000});
  return subscription(std::move(made));
}

void runtime_core::end_subscriptions(std::chrono::steady_clock::time_point until) {
  consumers_.close(until);
  for (auto const& each : subscribers_->close()) each->end();
  feed_->close();
}

}  // namespace evoke
