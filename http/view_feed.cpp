#include "http/view_feed.hpp"

#include "http/json_text.hpp"
#include "http/problem.hpp"
#include "http/sse_text.hpp"
#include "http/view_json.hpp"

#include <utility>

namespace evoke::http {

view_feed::view_feed(api_context& api, feed_place place, std::string projection, std::optional<std::string> key)
    : api_(&api), place_(std::move(place)), projection_(std::move(projection)), key_(std::move(key)), spoke_at_(steady::now()) {}

void view_feed::begin(view_changes const& first, std::string& out) {
  cursor_ = told_ = first.cursor;
  append_changes(first, out);
  append_checkpoint(out, told_);
}

void view_feed::next(ticket reply_to) {
  if (draining_) return reply_to.answer([](reply& out, incoming const&) { append_farewell(out.body); });
  {
    std::lock_guard const lock(mutex_);
    open_.emplace(std::move(reply_to));
  }
  auto const left = std::chrono::ceil<std::chrono::milliseconds>(spoke_at_ + api_->options.feed_heartbeat - steady::now());
  view_changes_request request{projection_, cursor_, max_batch_changes, std::max(left, std::chrono::milliseconds(0))};
  api_->served.changes(std::move(request), [self = shared_from_this()](result<view_changes> batch) {
    auto to = self->take_open();
    if (!to) return;
    to->answer([self, batch = std::move(batch)](reply& out, incoming const&) { self->render(batch, out); });
  });
}

void view_feed::drain() {
  draining_ = true;
  if (auto to = take_open()) to->answer([](reply& out, incoming const&) { append_farewell(out.body); });
}

void view_feed::abandon() noexcept {
  // Now, and not when the read model's answer lets go of this feed: that may be a heartbeat from here.
  place_.reset();
  static_cast<void>(take_open());
}

std::optional<ticket> view_feed::take_open() noexcept {
  std::lock_guard const lock(mutex_);
  auto taken = std::move(open_);
  open_.reset();
  return taken;
}

void view_feed::render(result<view_changes> const& batch, reply& out) {
  if (!batch) {
    if (batch.error().code != errc::draining) return render_failure(out, batch.error());
    return append_farewell(out.body);
  }
  out.more = shared_from_this();
  cursor_ = batch->cursor;
  bool const of_interest = append_changes(*batch, out.body);
  // Changes of other documents are no news; the clock of the heartbeat goes on.
  if (!of_interest && steady::now() < spoke_at_ + api_->options.feed_heartbeat) return;
  spoke_at_ = steady::now();
  if (cursor_ == told_) return append_heartbeat(out.body);
  told_ = cursor_;
  append_checkpoint(out.body, told_);
}

bool view_feed::append_changes(view_changes const& batch, std::string& out) const {
  auto const before = out.size();
  if (batch.reset) {
    out.append("event: reset\ndata: {");
    append_member(out, "checkpoint", batch.checkpoint.value());
    out.append("}");
    end_message(out);
  }
  for (auto const& each : batch.changes) {
    if (key_ && each.key != *key_) continue;
    out.append(each.json ? "event: document\ndata: " : "event: deleted\ndata: ");
    append_change(out, each);
    end_message(out);
  }
  return out.size() > before;
}

}  // namespace evoke::http
