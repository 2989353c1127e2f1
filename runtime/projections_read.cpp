#include <algorithm>
#include <utility>

#include "runtime/projections.hpp"
#include "runtime/view_plan.hpp"

/// Reads of what projections keep: waiting for one's own writes, documents, pages.
namespace evoke::detail {

using actors::position_waiters;
using actors::projection_actor;

failure projections::lagging(projection_actor const& actor, position wanted) const {
  auto const now = actor.status();
  auto const& name = actor.definition().name();
  auto const at = now.generation == 0 && now.rebuild ? now.rebuild->checkpoint : now.checkpoint;
  return {errc::projection_lagging,
          now.generation == 0
              ? name + " is being built and cannot be asked yet"
              : name + " is at position " + std::to_string(at.value()) + " and not yet at " + std::to_string(wanted.value()),
          {},
          {},
          1'000,
          projection_distance{at.value(), wanted.value()}};
}

failure projections::blocked(projection_actor const& actor, position wanted) const {
  auto const now = actor.status();
  return {errc::projection_blocked,
          actor.definition().name() + (now.phase == projection_phase::paused ? " is paused" : " stands still: " + now.reason) +
              ", at position " + std::to_string(now.checkpoint.value()),
          {},
          {},
          {},
          projection_distance{now.checkpoint.value(), wanted.value()}};
}

failure projections::sent_away(projection_actor const& actor, position_waiters::end how, position wanted) const {
  if (ending_.load(std::memory_order_acquire)) return ending();
  return how == position_waiters::end::expired ? lagging(actor, wanted) : blocked(actor, wanted);
}

void projections::when_ready(projection_actor& actor, read_after const& after, std::move_only_function<void(result<void>)> go) {
  if (after.at > with_.journal.head())
    return go(fail(errc::invalid_argument, "position " + std::to_string(after.at.value()) + " is beyond the head of the log"));
  auto const now = actor.now();
  if (now.store && now.checkpoint >= after.at) return go({});
  auto const wait = std::clamp(after.wait, std::chrono::milliseconds(0), options_.projections.max_wait);
  bool const take_stale = after.accept_stale && now.store;
  if (actor.waiting() >= options_.limits.max_waiting_reads)
    return go(fail({errc::overloaded, "too many readers wait for " + actor.definition().name(), {}, {}, 1'000}));
  if (wait.count() == 0 && take_stale) return go({});
  actor.when_passed(after.at, std::chrono::steady_clock::now() + wait,
                    [this, &actor, at = after.at, take_stale, go = std::move(go)](position_waiters::end how) mutable {
                      if (how == position_waiters::end::passed || take_stale) return go({});
                      go(fail(sent_away(actor, how, at)));
                    });
}

result<void> projections::check_row(projection_actor const& actor, persistence::generation_view const& view,
                                    persistence::checkpoint_row const& checkpoint, position at) const {
  if (checkpoint.blocked == 0 || at == position{}) return {};
  std::string type;
  std::string id;
  auto const read = with_.journal.scan_log(position{at.value() - 1}, 1, {}, [&](persistence::event_view const& event) {
    type = with_.journal.name_of(persistence::name_kind::aggregate_type, event.stream_type);
    id = event.stream_id;
    return false;
  });
  if (!read) return std::unexpected(read.error());
  auto const row = view.blocked(type, id);
  if (!row) return std::unexpected(row.error());
  if (!*row || (*row)->first > at) return {};
  return fail({errc::projection_blocked,
               actor.definition().name() + " cannot show " + type + "/" + id + " as of position " + std::to_string(at.value()) +
                   ": event " + std::to_string((*row)->first.value()) + " of it is a dead letter",
               {},
               {},
               {},
               projection_distance{checkpoint.at.value(), at.value()}});
}

result<projections::opened> projections::open_view(projection_actor const& actor, read_after const& after) const {
  opened made;
  made.store = actor.now().store;
  if (!made.store) return fail(lagging(actor, after.at));
  made.view = made.store->look();
  auto checkpoint = made.view->checkpoint();
  if (!checkpoint) return std::unexpected(checkpoint.error());
  made.checkpoint = *checkpoint;
  made.stale = made.checkpoint.at < after.at;
  if (made.stale) {
    if (!after.accept_stale) return fail(lagging(actor, after.at));
  } else if (auto row = check_row(actor, *made.view, made.checkpoint, after.at); !row) {
    if (!after.accept_stale || row.error().code != errc::projection_blocked) return std::unexpected(row.error());
    made.stale = true;
  }
  return made;
}

void projections::find(document_request request, callback<result<document_reply>> done) {
  auto const worker = with_.workers.here_or_next();
  auto actor = actor_of(request.projection);
  if (!actor) return answer<document_reply>(worker, std::move(done), std::unexpected(actor.error()));
  auto const after = request.after;
  when_ready(**actor, after,
             [this, worker, actor = *actor, request = std::move(request), done = std::move(done)](result<void> ready) mutable {
               if (!ready) return answer<document_reply>(worker, std::move(done), std::unexpected(ready.error()));
               read<document_reply>(worker, std::move(done), [this, actor, request = std::move(request)]() -> result<document_reply> {
                 auto view = open_view(*actor, request.after);
                 if (!view) return std::unexpected(view.error());
                 auto document = view->view->document(request.key);
                 if (!document) return std::unexpected(document.error());
                 if (!*document) return fail(errc::not_found, request.projection + " has no document " + request.key);
                 return document_reply{std::move((*document)->json), (*document)->changed, view->checkpoint.at, view->stale};
               });
             });
}

result<view_page> projections::page_now(projection_actor const& actor, view_query const& asked) const {
  auto const how = plan(actor.definition(), asked);
  if (!how) return std::unexpected(how.error());
  auto view = open_view(actor, asked.after);
  if (!view) return std::unexpected(view.error());
  view_page page;
  page.checkpoint = view->checkpoint.at;
  page.stale = view->stale;
  auto const limit = std::clamp<std::size_t>(asked.limit, 1, options_.limits.max_page_events);
  std::size_t bytes = 0;
  std::string last;
  result<void> problem;
  auto const take = [&](std::string_view order_key, std::string_view key, persistence::document_row&& row) {
    if (page.documents.size() == limit || bytes >= options_.limits.max_page_bytes) {
      page.next = cursor_behind(*how, last);
      return false;
    }
    bytes += row.json.size() + key.size();
    last = order_key;
    page.documents.push_back({std::string(key), std::move(row.json), row.changed});
    return true;
  };
  if (!how->index) {
    auto const visited = view->view->documents(
        how->range, how->backward, [&](std::string_view key, persistence::document_row&& row) { return take(key, key, std::move(row)); });
    if (!visited) return std::unexpected(visited.error());
    return page;
  }
  auto const visited = view->view->index(*how->index, how->range, how->backward, [&](std::string_view order_key, std::string_view key) {
    auto row = view->view->document(key);
    if (row && !*row) row = fail(errc::corrupt, "an index of " + asked.projection + " names a document that is not there: rebuild it");
    if (!row) {
      problem = std::unexpected(row.error());
      return false;
    }
    return take(order_key, key, std::move(**row));
  });
  if (!visited) return std::unexpected(visited.error());
  if (!problem) return std::unexpected(problem.error());
  return page;
}

void projections::query(view_query request, callback<result<view_page>> done) {
  auto const worker = with_.workers.here_or_next();
  auto actor = actor_of(request.projection);
  if (!actor) return answer<view_page>(worker, std::move(done), std::unexpected(actor.error()));
  // What is wrong with the question is said before anybody waits.
  if (auto const how = plan((*actor)->definition(), request); !how)
    return answer<view_page>(worker, std::move(done), std::unexpected(how.error()));
  auto const after = request.after;
  when_ready(**actor, after,
             [this, worker, actor = *actor, request = std::move(request), done = std::move(done)](result<void> ready) mutable {
               if (!ready) return answer<view_page>(worker, std::move(done), std::unexpected(ready.error()));
               read<view_page>(worker, std::move(done), [this, actor, request = std::move(request)] { return page_now(*actor, request); });
             });
}

void projections::wait_for(std::string_view name, position at, std::chrono::milliseconds at_most, callback<result<void>> done) {
  auto const worker = with_.workers.here_or_next();
  auto actor = actor_of(name);
  if (!actor) return answer<void>(worker, std::move(done), std::unexpected(actor.error()));
  read_after const after{at, at_most, false};
  when_ready(**actor, after, [this, worker, actor = *actor, after, done = std::move(done)](result<void> ready) mutable {
    // Only where aggregates are blocked is there more to ask.
    if (!ready || actor->now().blocked == 0) return answer<void>(worker, std::move(done), std::move(ready));
    read<void>(worker, std::move(done), [this, actor, after]() -> result<void> {
      auto view = open_view(*actor, after);
      if (!view) return std::unexpected(view.error());
      return {};
    });
  });
}

}  // namespace evoke::detail
