#include "actors/aggregate_life.hpp"

#include <iterator>
#include <utility>

#include "actors/snapshot_entry.hpp"

namespace evoke::actors {

using persistence::commit_queue;

namespace {

// A waiter that runs something when the entry it is chained to has ended.
class settle_entry final : public persistence::commit_entry {
 public:
  explicit settle_entry(std::move_only_function<void()> then) : then_(std::move(then)) {}
  void finish(failure const* /*why*/) noexcept override { then_(); }

 private:
  std::move_only_function<void()> then_;
};

}  // namespace

aggregate_life::aggregate_life(services& use, bound_type const& type, aggregate_id id, boost::intrusive_ptr<life_link> link,
                               life_host& host)
    : use_(use), type_(type), id_(std::move(id)), host_(host), link_(std::move(link)) {}

std::string aggregate_life::place() const {
  return type_.name.str() + "/" + id_.str();
}

// ---- recovering

void aggregate_life::begin() {
  losses_seen_ = use_.writer.queue().losses();
  auto here = fold_in_memory(use_, type_, id_);
  if (here.whole) return recovered(std::move(here.made));
  use_.pool.submit([&use = use_, &type = type_, id = id_, begun = std::move(here.made), resume = host_.make_resumer()]() mutable {
    auto end = fold_on(use, type, id, std::move(begun));
    resume([end = std::move(end)](aggregate_life& life) mutable { life.recovered(std::move(end)); });
  });
}

void aggregate_life::recovered(result<folded> end) {
  if (!end) {
    use_.say(log_level::error, "recovery of " + place() + " failed: " + end.error().message);
    phase_ = phase::ended;
    std::vector<request_ptr> leftover(std::make_move_iterator(waiting_.begin()), std::make_move_iterator(waiting_.end()));
    waiting_.clear();
    return host_.retire(std::move(leftover), std::move(end.error()));
  }
  state_ = std::move(end->state);
  version_ = end->version;
  snapshot_ = end->snapshot;
  last_time_ = end->time;
  link_->last_position = end->position.value();
  phase_ = phase::running;
  handle_waiting();
}

// ---- running

void aggregate_life::accept(request_ptr request) {
  if (phase_ == phase::running) return handle(std::move(request));
  waiting_.push_back(std::move(request));
}

void aggregate_life::handle_waiting() {
  while (phase_ == phase::running && !waiting_.empty()) {
    auto next = std::move(waiting_.front());
    waiting_.pop_front();
    handle(std::move(next));
  }
  if (phase_ == phase::running && passivate_later_) passivate();
}

void aggregate_life::handle(request_ptr request) {
  // Somebody's write was lost since we looked: was it one this state stands on?
  if (auto const losses = use_.writer.queue().losses(); losses != losses_seen_) {
    if (use_.writer.queue().was_lost(last_ticket_)) return lost(std::move(request));
    losses_seen_ = losses;
  }
  if (auto* const read = dynamic_cast<open_read*>(request.get())) return handle_read(read);
  auto* const command = static_cast<open_command*>(request.get());
  if (command->raw) return handle_append(command);
  handle_command(command);
}

void aggregate_life::handle_read(boost::intrusive_ptr<open_read> read) {
  if (version_ == version{}) {
    read->prepared = fail(errc::not_found, "there is no " + place());
  } else {
    state_reply reply{version_, {}, last_time_, {}};
    if (auto encoded = state_->encode(reply.state); encoded)
      read->prepared = std::move(reply);
    else
      read->prepared = std::unexpected(encoded.error());
  }
  release(std::move(read));
}

void aggregate_life::handle_command(boost::intrusive_ptr<open_command> command) {
  if (command->fired) return handle_fired(std::move(command));
  if (command->options.idempotency_key && !command->options.dry_run && replay_or_hold(command)) return;
  decide(std::move(command));
}

// ---- towards the writer

void aggregate_life::release(request_ptr request) {
  switch (use_.writer.queue().await(request, last_ticket_)) {
    case commit_queue::awaited::waiting: return;
    case commit_queue::awaited::durable:
      request->change.first_position = position{link_->last_position.load(std::memory_order_acquire)};
      return request->finish(nullptr);
    case commit_queue::awaited::lost: break;
  }
  lost(std::move(request));
}

void aggregate_life::enqueue(boost::intrusive_ptr<open_command> command) {
  auto& change = command->change;
  change.meta = std::move(command->options.meta);
  if (change.command_id.is_nil()) change.command_id = context(id_, version_, change.time, change.meta, use_.random.next()).new_id();
  auto const end = use_.writer.queue().enqueue(command, last_ticket_);
  switch (end.end) {
    case commit_queue::enqueued::queued: break;
    case commit_queue::enqueued::lost: command->options.meta = std::move(change.meta); return lost(std::move(command));
    case commit_queue::enqueued::closed: {
      auto why = use_.writer.queue().closed_reason();
      command->refuse(why ? *why : failure{errc::journal_failed, "the journal is closed for writing", {}, {}, {}});
      return fail_life();
    }
  }
  if (end.first) use_.writer.wake();
  last_ticket_ = end.ticket;
  if (command->options.idempotency_key) open_keys_.push_front({*command->options.idempotency_key, end.ticket});
  snapshot_if_due();
}

void aggregate_life::snapshot_if_due() {
  auto const interval = type_.snapshot_interval_events;
  if (interval == 0 || !state_ || version_.value() - snapshot_.value() < interval) return;
  snapshot_ = version_;
  persistence::snapshot made{version_, {}, last_time_, type_.definition->state_shape(), {}};
  if (auto encoded = state_->encode(made.state); !encoded)
    return use_.say(log_level::warning, "no snapshot of " + place() + ": " + encoded.error().message);
  if (made.state.size() > use_.limits.max_state_bytes)
    return use_.say(log_level::warning, "no snapshot of " + place() + ": its state has " + std::to_string(made.state.size()) + " bytes");
  ++snapshots_pending_;
  auto const written = [resume = host_.make_resumer()] { resume([](aggregate_life& life) { life.snapshot_written(); }); };
  boost::intrusive_ptr<snapshot_entry> entry(new snapshot_entry(use_, type_, id_, std::move(made), written));
  switch (use_.writer.queue().await(entry, last_ticket_)) {
    case commit_queue::awaited::waiting: return;
    case commit_queue::awaited::durable:
      entry->change.first_position = position{link_->last_position.load()};
      return entry->finish(nullptr);
    case commit_queue::awaited::lost: --snapshots_pending_;
  }
}

void aggregate_life::snapshot_written() {
  --snapshots_pending_;
  if (retiring_) retire_when_settled();
}

// ---- ending

// The state stands on something that is not stored. The request was not touched by it: the successor handles it on what is stored.
void aggregate_life::lost(request_ptr request) {
  if (auto* const command = dynamic_cast<open_command*>(request.get())) command->undecide();
  waiting_.push_front(std::move(request));
  fail_life();
}

void aggregate_life::fail_life() {
  if (phase_ == phase::ending || phase_ == phase::ended) return;
  phase_ = phase::ending;
  retire_when_settled();
}

void aggregate_life::passivate() {
  if (phase_ == phase::ending || phase_ == phase::ended) return;
  if (phase_ != phase::running) {
    passivate_later_ = true;
    return;
  }
  phase_ = phase::passivating;
  retire_when_settled();
}

void aggregate_life::settle(continuation then) {
  persistence::commit_entry_ptr entry(
      new settle_entry([then = std::move(then), resume = host_.make_resumer()]() mutable { resume(std::move(then)); }));
  if (use_.writer.queue().await(entry, last_ticket_) != commit_queue::awaited::waiting) entry->finish(nullptr);
}

void aggregate_life::retire_when_settled() {
  retiring_ = true;
  if (snapshots_pending_ > 0) return;  // whose end calls again
  settle([](aggregate_life& life) {
    if (life.snapshots_pending_ == 0) life.retire();
  });
}

void aggregate_life::retire() {
  if (phase_ == phase::ended) return;
  phase_ = phase::ended;
  std::vector<request_ptr> leftover(std::make_move_iterator(waiting_.begin()), std::make_move_iterator(waiting_.end()));
  waiting_.clear();
  host_.retire(std::move(leftover), std::nullopt);
}

}  // namespace evoke::actors
