#include "runtime/projections.hpp"

#include <algorithm>
#include <thread>
#include <utility>

namespace evoke::detail {
namespace {

persistence::read_models_options store_options(runtime_options const& from, persistence::journal const& journal) {
  persistence::read_models_options chosen;
  chosen.path = from.data / "views";
  chosen.in_memory = from.storage == storage::in_memory;
  chosen.journal = journal.store_id();
  chosen.head = journal.head();
  chosen.memtable_bytes = from.projections.memtable_bytes;
  chosen.block_cache_bytes = from.projections.block_cache_bytes;
  chosen.write_bytes_per_second = from.projections.write_bytes_per_second;
  // The journal must find what it needs when read models have stopped already.
  if (from.min_free_disk_bytes > 0)
    chosen.min_free_disk_bytes = std::max<std::uint64_t>(from.min_free_disk_bytes, from.memtable_bytes + from.memtable_bytes / 2) +
                                 2 * from.projections.memtable_bytes;
  chosen.log = from.log;
  return chosen;
}

actors::step_settings step_settings_of(projection_options const& from) {
  actors::step_settings chosen;
  chosen.batch_events = from.batch_events;
  chosen.batch_time = from.batch_time;
  chosen.attempts = from.attempts;
  chosen.first_delay = from.first_retry_delay;
  chosen.max_delay = from.max_retry_delay;
  chosen.max_letters = from.max_dead_letters;
  chosen.cache_bytes = from.cache_bytes;
  chosen.flush_interval = from.flush_interval;
  chosen.change_events = from.change_events;
  return chosen;
}

}  // namespace

projections::projections(surroundings with, runtime_options const& options)
    : with_(std::move(with)), options_(options), deadlines_(with_.workers) {}

result<void> projections::start(registry const& types) {
  if (types.projections().empty()) return {};
  auto store = persistence::read_models::open(store_options(options_, with_.journal));
  if (!store) return std::unexpected(store.error());
  store_ = std::move(*store);
  world_.reset(new actors::projection_world{with_.journal, with_.feed, *store_, with_.time, deadlines_,
                                            step_settings_of(options_.projections), options_.projections.rest,
                                            options_.projections.busy_duty, with_.busy, options_.log});
  for (auto const& each : types.projections()) {
    actors_.push_back(std::make_unique<actors::projection_actor>(*each, *world_));
    if (auto started = actors_.back()->start(); !started) return started;
  }
  return {};
}

void projections::stop() {
  if (ending_.exchange(true)) return;
  // A slow one is waited for; the others end meanwhile.
  std::vector<std::thread> stopping;
  for (auto& each : actors_) stopping.emplace_back([&each] { each->stop(); });
  for (auto& each : stopping) each.join();
}

void projections::close() {
  actors_.clear();
  if (store_) static_cast<void>(store_->close(true));
  store_.reset();
}

result<actors::projection_actor*> projections::actor_of(std::string_view name) const {
  if (ending_.load(std::memory_order_acquire)) return fail(ending());
  auto const found = std::ranges::find(actors_, name, [](auto const& each) -> std::string const& { return each->definition().name(); });
  if (found == actors_.end()) return fail(errc::unknown_projection, "there is no projection " + std::string(name));
  return found->get();
}

template <class T>
void projections::ask(std::string_view name, std::function<result<T>(actors::projection_life&)> what, callback<result<T>> done) {
  auto const worker = with_.workers.here_or_next();
  auto actor = actor_of(name);
  if (!actor) return answer<T>(worker, std::move(done), std::unexpected(actor.error()));
  auto shared = std::make_shared<callback<result<T>>>(std::move(done));
  actors::projection_actor::message message = [this, worker, shared, what = std::move(what)](actors::projection_life& life) {
    return [this, worker, shared, end = what(life)]() mutable { answer<T>(worker, std::move(*shared), std::move(end)); };
  };
  if (!(*actor)->tell(message)) answer<T>(worker, std::move(*shared), fail(ending()));
}

void projections::pause(std::string_view name, callback<result<void>> done) {
  ask<void>(name, [](actors::projection_life& life) { return life.pause(); }, std::move(done));
}
void projections::resume(std::string_view name, callback<result<void>> done) {
  ask<void>(name, [](actors::projection_life& life) { return life.resume(); }, std::move(done));
}
void projections::rebuild(std::string_view name, callback<result<void>> done) {
  ask<void>(name, [](actors::projection_life& life) { return life.rebuild(); }, std::move(done));
}
void projections::retry(std::string_view name, std::uint64_t number, bool whole_row, callback<result<letters_handled>> done) {
  ask<letters_handled>(name, [=](actors::projection_life& life) { return life.retry(number, whole_row); }, std::move(done));
}
void projections::skip(std::string_view name, std::uint64_t number, callback<result<letters_handled>> done) {
  ask<letters_handled>(name, [=](actors::projection_life& life) { return life.skip(number); }, std::move(done));
}

projection_status projections::with_lag(projection_status now) const {
  if (now.lag_events == 0) return now;
  auto const read = with_.journal.scan_log(now.checkpoint, 1, {}, [&](persistence::event_view const& event) {
    now.lag = std::max(std::chrono::milliseconds(0), std::chrono::floor<std::chrono::milliseconds>(with_.time.now() - event.time));
    return false;
  });
  if (!read && now.reason.empty()) now.reason = read.error().message;
  return now;
}

void projections::all(callback<result<std::vector<projection_status>>> done) {
  read<std::vector<projection_status>>(with_.workers.here_or_next(), std::move(done), [this]() -> result<std::vector<projection_status>> {
    std::vector<projection_status> all;
    for (auto const& each : actors_) all.push_back(with_lag(each->status()));
    return all;
  });
}

void projections::one(std::string_view name, callback<result<projection_status>> done) {
  auto const worker = with_.workers.here_or_next();
  auto actor = actor_of(name);
  if (!actor) return answer<projection_status>(worker, std::move(done), std::unexpected(actor.error()));
  read<projection_status>(worker, std::move(done),
                          [this, actor = *actor]() -> result<projection_status> { return with_lag(actor->status()); });
}

void projections::dead_letters(std::string_view name, std::uint64_t after, std::size_t limit, callback<result<dead_letter_page>> done) {
  auto const worker = with_.workers.here_or_next();
  auto actor = actor_of(name);
  if (!actor) return answer<dead_letter_page>(worker, std::move(done), std::unexpected(actor.error()));
  auto const most = std::clamp<std::size_t>(limit, 1, options_.limits.max_page_events);
  read<dead_letter_page>(worker, std::move(done), [actor = *actor, after, most]() -> result<dead_letter_page> {
    dead_letter_page page;
    auto const store = actor->now().store;
    if (!store) return page;
    auto const view = store->look();
    auto const visited = view->letters(position{after}, [&](persistence::letter_row&& row) {
      if (page.letters.size() == most) {
        page.next = page.letters.back().number;
        return false;
      }
      page.letters.push_back({row.at.value(), std::move(row.type), std::move(row.id), std::move(row.event_type), row.version, row.at,
                              row.attempts > 0, row.attempts, std::move(row.error), row.failed_at});
      return true;
    });
    if (!visited) return std::unexpected(visited.error());
    for (auto& each : page.letters) {
      auto const row = view->blocked(each.aggregate_type, each.aggregate_id);
      if (!row) return std::unexpected(row.error());
      each.first = !*row || (*row)->first == each.position;
    }
    return page;
  });
}

}  // namespace evoke::detail
