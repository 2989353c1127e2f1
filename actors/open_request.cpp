#include "actors/open_request.hpp"

#include <utility>

namespace evoke::actors {
namespace {

failure dropped() {
  return {errc::outcome_unknown, "the runtime ended before this command did", {}, {}, {}};
}

// Hands `end` to `done` on the worker that asked; the continuation must not throw (runtime.hpp), so neither does this.
template <class Done, class End>
void give(answer_port& answers, std::size_t worker, Done done, End end) noexcept {
  if (!done) return;
  answers.run_on(worker, [done = std::move(done), end = std::move(end)]() mutable { done(std::move(end)); });
}

}  // namespace

open_command::~open_command() {
  if (done_) answer(dropped());
}

void open_command::answer(command_result end) noexcept {
  if (meter != nullptr) std::exchange(meter, nullptr)->record(worker, outcome_of(end), use_.time.steady() - accepted_);
  give(use_.answers, worker, std::exchange(done_, nullptr), std::move(end));
}

void open_command::undecide() {
  if (!raw) change.events.clear();
  change.timers.clear();
  change.forget.clear();
  change.process_rows.clear();
  change.key.clear();
  change.record.reset();
  change.first_position = {};
  prepared.reset();
}

void open_command::finish(failure const* why) noexcept {
  if (why != nullptr) return answer(*why);
  if (prepared->accepted()) {
    auto& reply = prepared->reply();
    auto const store = use_.store.store_id();
    for (std::size_t i = 0; i < change.events.size(); ++i) {
      auto& each = reply.events[i];
      each.position = change.first_position.plus(i);
      each.id = change.events[i].client_id.value_or(persistence::made_event_id(store, change.time, each.position));
    }
    reply.position = last_position();
  }
  answer(std::move(*prepared));
}

open_read::~open_read() {
  if (done_) refuse(dropped());
}

void open_read::answer(result<state_reply> end) noexcept {
  give(use_.answers, worker, std::exchange(done_, nullptr), std::move(end));
}

void open_read::finish(failure const* why) noexcept {
  if (why != nullptr) return refuse(*why);
  if (*prepared) (*prepared)->position = last_position();
  answer(std::move(*prepared));
}

}  // namespace evoke::actors
