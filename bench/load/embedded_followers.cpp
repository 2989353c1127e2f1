#include "bench/load/embedded_followers.hpp"

#include <algorithm>

namespace evoke::load {

result<void> embedded_followers::follow(runtime& on) {
  auto const head = on.info().head;
  auto const writing = std::ranges::find_if(todo_.work.operations, &operation::writes);
  for (std::size_t i = 0; i < todo_.given.followers + todo_.given.log_followers; ++i) {
    subscription_request wanted;
    wanted.after = head;
    if (i < todo_.given.followers) wanted.stream = stream_name{writing->type, todo_.work.key_prefix + std::to_string(i % todo_.keys)};
    auto made = on.subscribe(std::move(wanted));
    if (!made) return std::unexpected(made.error());
    all_.push_back(std::make_unique<subscription>(std::move(*made)));
  }
  for (auto& each : all_) ask(*each);
  return {};
}

void embedded_followers::ask(subscription& follower) {
  follower.next(std::chrono::seconds(60), [this, &follower](result<subscription_batch> batch) {
    if (!batch) return;  // cancelled, or the runtime stops
    auto const arrived = steady::now();
    if (arrived >= times_.from && arrived < times_.to && !batch->events.empty()) {
      auto const now = std::chrono::system_clock::now();
      auto& lane = counting_.here();
      std::scoped_lock const lock(lane.mutex);
      lane.heard.events += batch->events.size();
      for (auto const& each : batch->events) {
        auto const age = std::chrono::nanoseconds(now - each.time).count();
        lane.heard.age_ns.record(static_cast<std::uint64_t>(std::max<std::int64_t>(age, 0)));
      }
    }
    ask(follower);
  });
}

void embedded_followers::cancel() noexcept {
  for (auto& each : all_) each->cancel();
}

}  // namespace evoke::load
