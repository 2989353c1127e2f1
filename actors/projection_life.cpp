#include "actors/projection_life.hpp"

#include <algorithm>
#include <utility>

namespace evoke::actors {

using namespace std::chrono_literals;

namespace {
constexpr std::chrono::milliseconds kBrokenDelay = 1'000ms;  // before the store or the journal is tried again
}

projection_life::projection_life(projection_definition const& definition, persistence::read_models& store,
                                 std::function<std::unique_ptr<event_source>()> make_source, clock const& time, step_settings settings,
                                 log_sink log)
    : definition_(definition),
      store_(store),
      make_source_(std::move(make_source)),
      clock_(time),
      settings_(settings),
      log_(std::move(log)) {}

bool projection_life::fits(std::optional<persistence::generation_identity> const& which) const {
  return which && which->version == definition_.version() && which->shape == definition_.shape();
}

result<void> projection_life::write_record() {
  return store_.write_record(definition_.name(), record_);
}

result<std::unique_ptr<projection_life::course>> projection_life::take_up(persistence::generation_identity const& which) {
  auto found = store_.find(which);
  if (!found) return std::unexpected(found.error());
  auto made = std::make_unique<course>(definition_, std::move(*found), make_source_(), clock_, settings_);
  if (auto loaded = made->step.load(); !loaded) return std::unexpected(loaded.error());
  made->began = clock_.steady();
  made->began_at = made->step.checkpoint().at;
  made->flushed = made->began;
  made->flushed_at = made->began_at;
  made->last.what = projection_step::end::more;
  return made;
}

/// Of one that nobody has taken up.
void projection_life::drop(persistence::generation_identity const& which) {
  if (auto found = store_.find(which)) store_.drop(std::move(*found));
}

result<void> projection_life::start() {
  auto const stored = store_.record_of(definition_.name());
  record_ = stored.value_or(persistence::projection_record{});
  std::optional<persistence::generation_identity> useless;
  // Documents of another shape cannot be read any more, those of another version can until the new ones are there.
  if (record_.live && record_.live->shape != definition_.shape()) useless = std::exchange(record_.live, std::nullopt);
  std::optional<persistence::generation_identity> outdated;
  if (record_.building && !fits(record_.building)) outdated = std::exchange(record_.building, std::nullopt);
  bool const must_build = !fits(record_.live) && !record_.building;
  if (useless || outdated || (!stored && !must_build))
    if (auto done = write_record(); !done) return done;
  for (auto const& each : {useless, outdated})
    if (each) drop(*each);
  if (record_.live) {
    auto taken = take_up(*record_.live);
    if (!taken) return std::unexpected(taken.error());
    live_ = std::move(*taken);
  }
  if (record_.building) {
    auto taken = take_up(*record_.building);
    if (!taken) return std::unexpected(taken.error());
    building_ = std::move(*taken);
  }
  if (!must_build) return {};
  if (stored && log_) log_(log_level::info, "projection " + definition_.name() + " has changed: it is rebuilt");
  return begin_building();
}

result<void> projection_life::begin_building() {
  auto made = store_.create(definition_.version(), definition_.shape());
  if (!made) return std::unexpected(made.error());
  auto const before = std::exchange(record_.building, (*made)->identity());
  if (auto done = write_record(); !done) {
    record_.building = before;
    return done;
  }
  if (auto const old = std::move(building_)) store_.drop(old->step.store());
  auto taken = take_up(*record_.building);
  if (!taken) return std::unexpected(taken.error());
  building_ = std::move(*taken);
  return {};
}

void projection_life::note_end(course& on, projection_step::outcome end) {
  if (end.what == projection_step::end::retry) on.not_before = clock_.steady() + end.wait;
  if (end.what == projection_step::end::broken) on.not_before = clock_.steady() + kBrokenDelay;
  bool const news = end.why.message != on.last.why.message;
  if (news && log_ && (end.what == projection_step::end::stopped || end.what == projection_step::end::broken))
    log_(log_level::error, "projection " + definition_.name() + " stands still: " + end.why.message);
  on.last = std::move(end);
}

bool projection_life::may_run(course const& on) const {
  switch (on.last.what) {
    case projection_step::end::stopped: return false;
    case projection_step::end::retry:
    case projection_step::end::broken: return clock_.steady() >= on.not_before;
    case projection_step::end::more:
    case projection_step::end::at_end: return true;
  }
  return false;
}

void projection_life::run(course& on) {
  if (may_run(on)) note_end(on, on.step.advance());
}

result<void> projection_life::swap_when_ready() {
  if (!building_) return {};
  auto const at = building_->step.checkpoint().at;
  bool const ready = live_ ? at >= live_->step.checkpoint().at && building_->last.what != projection_step::end::stopped
                           : building_->last.what == projection_step::end::at_end;
  if (!ready) return {};
  // Flushed before it is named: after a crash it must still be where the old one was.
  if (auto done = building_->step.store()->flush(); !done) return done;
  auto next = record_;
  next.live = std::exchange(next.building, std::nullopt);
  if (auto done = store_.write_record(definition_.name(), next); !done) return done;
  record_ = next;
  if (auto const old = std::exchange(live_, std::move(building_))) store_.drop(old->step.store());
  if (log_)
    log_(log_level::info, "projection " + definition_.name() + " is served from generation " + std::to_string(record_.live->number) +
                              " at position " + std::to_string(at.value()));
  return {};
}

projection_life::next_step projection_life::work() {
  if (record_.paused) return {next_step::kind::sleep, {}};
  if (live_) run(*live_);
  if (building_) run(*building_);
  flush_now_and_then();
  if (auto done = swap_when_ready(); !done) note_end(*building_, {projection_step::end::broken, {}, done.error()});
  next_step next{next_step::kind::sleep, {}};
  for (auto const* each : {live_.get(), building_.get()}) {
    if (each == nullptr || each->last.what == projection_step::end::stopped) continue;
    if (each->last.what == projection_step::end::more) return {next_step::kind::work, {}};
    if (each->last.what == projection_step::end::at_end) {
      if (!each->events->arm(each->step.checkpoint().at)) return {next_step::kind::work, {}};
      continue;
    }
    auto const left = std::chrono::ceil<std::chrono::milliseconds>(each->not_before - clock_.steady());
    auto const wait = std::max(left, 1ms);
    next = {next_step::kind::wait, next.what == next_step::kind::wait ? std::min(next.wait, wait) : wait};
  }
  return next;
}

/// So that a restart after a crash need not go back far.
void projection_life::flush_now_and_then() {
  auto const now = clock_.steady();
  for (auto* each : {live_.get(), building_.get()}) {
    if (each == nullptr || now - each->flushed < settings_.flush_interval) continue;
    each->flushed = now;
    if (auto const at = each->step.checkpoint().at; at != std::exchange(each->flushed_at, at)) each->step.store()->begin_flush();
  }
}

result<void> projection_life::pause() {
  if (record_.paused) return {};
  auto next = record_;
  next.paused = true;
  if (auto done = store_.write_record(definition_.name(), next); !done) return done;
  record_ = next;
  return {};
}

result<void> projection_life::resume() {
  for (auto* each : {live_.get(), building_.get()}) {
    if (each == nullptr || each->last.what == projection_step::end::at_end) continue;
    each->step.take_up();
    each->last = {projection_step::end::more, {}, {}};
  }
  if (!record_.paused) return {};
  auto next = record_;
  next.paused = false;
  if (auto done = store_.write_record(definition_.name(), next); !done) return done;
  record_ = next;
  return {};
}

result<void> projection_life::rebuild() {
  return begin_building();
}

result<letters_handled> projection_life::retry(std::uint64_t number, bool whole_row) {
  if (!live_) return fail(errc::not_found, definition_.name() + " has no dead letter " + std::to_string(number) + ": it is being built");
  auto end = live_->step.retry(number, whole_row);
  // There is room for letters again.
  if (end && end->handled > 0 && live_->last.what == projection_step::end::stopped) live_->last = {projection_step::end::more, {}, {}};
  return end;
}

result<letters_handled> projection_life::skip(std::uint64_t number) {
  if (!live_) return fail(errc::not_found, definition_.name() + " has no dead letter " + std::to_string(number) + ": it is being built");
  auto end = live_->step.skip(number);
  if (end && live_->last.what == projection_step::end::stopped) live_->last = {projection_step::end::more, {}, {}};
  return end;
}

result<void> projection_life::flush() {
  for (auto const* each : {live_.get(), building_.get()})
    if (each != nullptr)
      if (auto done = each->step.store()->flush(); !done) return done;
  return {};
}

projection_status projection_life::status() const {
  projection_status now;
  now.name = definition_.name();
  now.version = definition_.version();
  auto const* const shown = live_ ? live_.get() : building_.get();
  auto const checkpoint = this->checkpoint();
  now.generation = record_.live ? record_.live->number : 0;
  now.checkpoint = checkpoint.at;
  now.dead_letters = checkpoint.letters;
  now.blocked_aggregates = checkpoint.blocked;
  if (shown != nullptr) {
    using end = projection_step::end;
    auto const last = shown->last.what;
    bool const stopped = last == end::stopped || last == end::broken;
    bool const live = live_ && (last == end::at_end || last == end::retry);
    now.phase = stopped ? projection_phase::stopped : live ? projection_phase::live : projection_phase::catching_up;
    now.reason = stopped ? shown->last.why.message : shown->step.last_error();
    now.head = shown->events->head();
  }
  if (record_.paused) now.phase = projection_phase::paused;
  now.lag_events = now.head.value() - std::min(now.head.value(), now.checkpoint.value());
  if (building_) {
    rebuild_progress progress;
    progress.checkpoint = building_->step.checkpoint().at;
    progress.target = live_ ? checkpoint.at : now.head;
    auto const seconds = std::chrono::duration<double>(clock_.steady() - building_->began).count();
    auto const done = progress.checkpoint.value() - building_->began_at.value();
    if (seconds > 0 && done > 0) {
      progress.events_per_second = static_cast<double>(done) / seconds;
      auto const left = progress.target.value() - std::min(progress.target.value(), progress.checkpoint.value());
      progress.left = std::chrono::seconds(static_cast<std::int64_t>(static_cast<double>(left) / progress.events_per_second));
    }
    now.rebuild = progress;
    if (live_ && building_->last.what == projection_step::end::stopped && now.phase != projection_phase::stopped)
      now.reason = "the rebuild stands still: " + building_->last.why.message;
  }
  return now;
}

}  // namespace evoke::actors
