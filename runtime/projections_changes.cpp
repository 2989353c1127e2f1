#include <algorithm>
#include <limits>
#include <map>
#include <utility>

#include "persistence/wire.hpp"
#include "runtime/fingerprint.hpp"
#include "runtime/projections.hpp"
#include "runtime/view_plan.hpp"

/// What changed in a read model, from its change index.
namespace evoke::detail {
namespace {

/// Where a follower of changes stands: behind what is noted at a place, up to a key there or all of it.
struct feed_place {
  std::uint64_t projection = 0;  ///< hash of its name
  std::uint64_t generation = 0;
  persistence::change_place noted{};
  std::optional<std::string> key{};
};

constexpr std::size_t kFixedBytes = 8 + 8 + 8 + 4;

std::string cursor_of(feed_place const& place) {
  std::string bytes(kFixedBytes, '\0');
  persistence::put_big_endian(bytes.data(), place.projection, 8);
  persistence::put_big_endian(bytes.data() + 8, place.generation, 8);
  persistence::put_big_endian(bytes.data() + 16, place.noted.at.value(), 8);
  persistence::put_big_endian(bytes.data() + 24, place.noted.round, 4);
  if (place.key) bytes.append(*place.key);
  return base64url(bytes);
}

std::optional<feed_place> place_of(std::string const& cursor) {
  auto const bytes = from_base64url(cursor);
  if (!bytes || bytes->size() < kFixedBytes) return std::nullopt;
  std::string_view const all = *bytes;
  feed_place place;
  place.projection = persistence::get_big_endian(all.substr(0, 8));
  place.generation = persistence::get_big_endian(all.substr(8, 8));
  place.noted = {position{persistence::get_big_endian(all.substr(16, 8))},
                 static_cast<std::uint32_t>(persistence::get_big_endian(all.substr(24, 4)))};
  if (all.size() > kFixedBytes) place.key = all.substr(kFixedBytes);
  return place;
}

feed_place end_of(std::uint64_t projection, persistence::generation const& of, persistence::checkpoint_row const& checkpoint) {
  return {projection, of.identity().number, {checkpoint.at, checkpoint.round}, std::nullopt};
}

/// Whether changes behind the place may not be there any more.
bool is_trimmed(feed_place const& from, persistence::checkpoint_row const& checkpoint) {
  return from.noted.at < checkpoint.changes_after || (from.key && from.noted.at == checkpoint.changes_after);
}

/// The changes behind `from`, each document once and as it is now, and where to go on.
result<view_changes> changes_behind(persistence::generation_view const& view, persistence::checkpoint_row const& checkpoint,
                                    feed_place from, std::size_t limit) {
  view_changes found;
  found.checkpoint = checkpoint.at;
  result<void> problem;
  auto place = from;
  bool full = false;
  auto const visited = view.changes(from.noted, from.key, [&](persistence::change_row&& row) {
    if (found.changes.size() == limit) {
      full = true;
      return false;
    }
    place.noted = row.noted;
    place.key = row.key;
    auto document = view.document(row.key);
    if (!document) {
      problem = std::unexpected(document.error());
      return false;
    }
    // A row that another one has followed tells nothing: that one does.
    if (*document && !row.deleted && (*document)->noted == row.noted)
      found.changes.push_back({std::move(row.key), row.changed, std::move((*document)->json)});
    else if (!*document && row.deleted) {
      std::erase_if(found.changes, [&](view_change const& each) { return each.key == row.key; });  // deleted, made anew and deleted again
      found.changes.push_back({std::move(row.key), row.changed, std::nullopt});
    }
    return true;
  });
  if (!visited) return std::unexpected(visited.error());
  if (!problem) return std::unexpected(problem.error());
  if (!full) {
    place.noted = std::max(place.noted, persistence::change_place{checkpoint.at, checkpoint.round});
    place.key.reset();
  }
  found.cursor = cursor_of(place);
  return found;
}

}  // namespace

struct projections::feed_request {
  actors::projection_actor* actor = nullptr;
  std::size_t worker = 0;
  std::optional<feed_place> from{};
  std::size_t limit = 0;
  actors::projection_actor::time deadline{};
  callback<result<view_changes>> done{};
};

void projections::changes(view_changes_request request, callback<result<view_changes>> done) {
  auto const worker = with_.workers.here_or_next();
  auto actor = actor_of(request.projection);
  if (!actor) return answer<view_changes>(worker, std::move(done), std::unexpected(actor.error()));
  auto asked = std::make_shared<feed_request>();
  if (!request.cursor.empty()) {
    asked->from = place_of(request.cursor);
    if (!asked->from || asked->from->projection != fingerprint(request.projection, "changes"))
      return answer<view_changes>(worker, std::move(done),
                                  fail(errc::invalid_argument, "the cursor is none of the changes of " + request.projection));
  }
  asked->actor = *actor;
  asked->worker = worker;
  asked->limit = std::clamp<std::size_t>(request.limit, 1, options_.limits.max_page_events);
  auto const wait = std::clamp(request.wait, std::chrono::milliseconds(0), options_.projections.max_wait);
  asked->deadline = std::chrono::steady_clock::now() + wait;
  asked->done = std::move(done);
  when_ready(**actor, {position{}, wait, false}, [this, asked](result<void> ready) {
    if (!ready) return answer<view_changes>(asked->worker, std::move(asked->done), std::unexpected(ready.error()));
    look_for_changes(asked);
  });
}

void projections::look_for_changes(std::shared_ptr<feed_request> asked) {
  bool const taken = with_.pool.try_submit(
      [this, asked] {
        auto const reply = [&](result<view_changes> end) { answer<view_changes>(asked->worker, std::move(asked->done), std::move(end)); };
        // Noted before looking: what is changed behind it wakes.
        auto const seen = asked->actor->now();
        auto view = open_view(*asked->actor, {});
        if (!view) return reply(std::unexpected(view.error()));
        auto const end = end_of(fingerprint(asked->actor->definition().name(), "changes"), *view->store, view->checkpoint);
        if (!asked->from) asked->from = end;
        auto const& from = *asked->from;
        if (from.generation != end.generation || is_trimmed(from, view->checkpoint)) {
          view_changes reset;
          reset.reset = true;
          reset.cursor = cursor_of(end);
          reset.checkpoint = view->checkpoint.at;
          return reply(std::move(reset));
        }
        auto found = changes_behind(*view->view, view->checkpoint, from, asked->limit);
        auto const now = std::chrono::steady_clock::now();
        if (!found || !found->changes.empty() || now >= asked->deadline) return reply(std::move(found));
        if (asked->actor->waiting() >= options_.limits.max_waiting_reads)
          return reply(fail({errc::overloaded, "too many wait for changes", {}, {}, 1'000}));
        asked->from = place_of(found->cursor);
        asked->actor->when_changed(seen, asked->deadline, [this, asked](actors::position_waiters::end how) {
          if (how != actors::position_waiters::end::refused) return look_for_changes(asked);
          answer<view_changes>(asked->worker, std::move(asked->done), fail(ending()));
        });
      },
      options_.limits.max_waiting_reads);
  if (!taken) answer<view_changes>(asked->worker, std::move(asked->done), fail({errc::overloaded, "too many reads wait", {}, {}, 100}));
}

}  // namespace evoke::detail
