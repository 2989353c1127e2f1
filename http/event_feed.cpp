#include "http/event_feed.hpp"

#include "http/event_json.hpp"
#include "http/exchange.hpp"
#include "http/problem.hpp"
#include "http/sse_text.hpp"

#include <utility>

namespace evoke::http {

event_feed::event_feed(subscription from, feed_start start, std::chrono::milliseconds heartbeat)
    : subscription_(std::move(from)), start_(start), heartbeat_(heartbeat) {}

void event_feed::next(ticket reply_to) {
  subscription_.next(draining_ ? std::chrono::milliseconds(0) : heartbeat_, [self = shared_from_this(), to = std::move(reply_to)](
                                                                                result<subscription_batch> batch) mutable {
    to.answer([self = std::move(self), batch = std::move(batch)](reply& out, incoming const&) { self->render(batch, out); });
  });
}

void event_feed::drain() {
  draining_ = true;
  subscription_.cancel();
}

void event_feed::render(result<subscription_batch> const& batch, reply& out) {
  if (!batch) {
    // Cancelled by drain(), or the runtime stops: the end of a feed, and no failure of it.
    if (batch.error().code != errc::cancelled && batch.error().code != errc::draining) return render_failure(out, batch.error());
    return append_farewell(out.body);
  }
  auto const before = out.body.size();
  for (std::size_t i = 0; i < batch->events.size(); ++i) {
    auto const& each = batch->events[i];
    if (!wanted(each)) continue;
    // Only the last part has the id: whoever loses the connection between two parts gets all of them again.
    if (i + 1 < batch->events.size() && batch->events[i + 1].position == each.position)
      begin_message(out.body, each.type.str());
    else
      begin_message(out.body, each.position.value(), each.type.str());
    append_event(out.body, each);
    end_message(out.body);
    told_ = each.position;
  }
  out.more = shared_from_this();
  if (out.body.size() > before) return;
  if (batch->checkpoint > told_) {
    told_ = batch->checkpoint;
    append_checkpoint(out.body, std::to_string(told_.value()));
  } else {
    append_heartbeat(out.body);
  }
}

bool event_feed::wanted(recorded_event const& event) const noexcept {
  return event.version >= start_.from_version && (!start_.since || event.time >= *start_.since);
}

}  // namespace evoke::http
