#include "actors/projection_step.hpp"

#include <algorithm>
#include <exception>
#include <limits>
#include <utility>

namespace evoke::actors {
namespace {

constexpr std::uint64_t kMaxExamined = 200'000;     // a batch in which nothing matches ends too, so that the checkpoint goes on
constexpr std::uint64_t kEventsBetweenClocks = 16;  // the time is asked for so often
constexpr std::int64_t kDelayGrowth = 4;
constexpr std::size_t kMaxErrorBytes = 1'000;

failure plain(errc code, std::string text) {
  return {code, std::move(text), {}, {}, {}};
}

}  // namespace

projection_step::projection_step(projection_definition const& definition, std::shared_ptr<persistence::generation> store,
                                 event_source& events, clock const& time, step_settings settings)
    : definition_(definition),
      store_(std::move(store)),
      events_(events),
      clock_(time),
      settings_(settings),
      documents_(definition, *store_, settings.cache_bytes),
      rows_(store_->batch()) {}

result<void> projection_step::load() {
  auto const view = store_->look();
  auto checkpoint = view->checkpoint();
  if (!checkpoint) return std::unexpected(checkpoint.error());
  checkpoint_ = *checkpoint;
  if (checkpoint_.blocked == 0) return {};
  return view->all_blocked([this](std::string_view type, std::string_view id, persistence::blocked_row const& row) {
    blocked_.emplace(aggregate_name(type, id), row);
    return true;
  });
}

std::optional<std::string> projection_step::project(projected_event const& event, bool careful) {
  std::string error;
  // An aggregate's first event finds no document under its id, unless other types may have ids like it.
  bool const first = event.version == version{1} && blocks() && definition_.sources().size() == 1;
  documents_.begin_event(event.position, first ? event.stream_id : std::string_view{});
  try {
    auto done = definition_.project(event, documents_);
    if (done && careful) done = documents_.check_event();
    if (done) return std::nullopt;
    error = done.error().message;
  } catch (std::exception const& thrown) {
    error = thrown.what();
  } catch (...) {
    error = "project() threw something that is no std::exception";
  }
  if (error.size() > kMaxErrorBytes) error.resize(kMaxErrorBytes);
  return error;
}

bool projection_step::set_behind(projected_event const& event, bool& full) {
  if (blocked_.empty() || !blocks()) return false;
  if (!blocked_.contains(std::pair(event.stream_type, event.stream_id))) return false;
  full = checkpoint_.letters + behind_.size() >= settings_.max_letters;
  if (!full)
    behind_.push_back({event.position,
                       event.version,
                       0,
                       event.time,
                       std::string(event.stream_type),
                       std::string(event.stream_id),
                       std::string(event.type),
                       {}});
  return true;
}

projection_step::run projection_step::handle(std::optional<position> before, bool careful) {
  run done;
  done.to = checkpoint_.at;
  std::size_t bytes = 0;
  bool enough = false;
  auto const until = clock_.steady() + settings_.batch_time;
  auto const visit = [&](projected_event const& event) {
    if (before && event.position >= *before) {
      enough = true;
      return false;
    }
    if (set_behind(event, done.full)) {
      if (done.full) return false;
    } else {
      auto why = project(event, careful);
      if (documents_.store_failure()) {
        done.broken = documents_.store_failure();
        return false;
      }
      if (why) {
        done.failed.emplace(event.position, std::move(*why));
        return false;
      }
    }
    done.to = event.position;
    ++done.events;
    bytes += event.data.size();
    enough = done.events >= settings_.batch_events || bytes >= settings_.batch_bytes ||
             (done.events % kEventsBetweenClocks == 0 && clock_.steady() >= until);
    return !enough;
  };
  // Groups in memory come one at a time: together they make a batch as well.
  for (auto after = checkpoint_.at; !enough && !done.full && !done.failed && !done.broken && !done.at_end;) {
    auto const reach = events_.read(after, kMaxExamined, visit);
    if (!reach) {
      done.broken = reach.error();
    } else if (!enough && !done.full && !done.failed && !done.broken) {
      auto const passed = before ? std::min(reach->examined, position{before->value() - 1}) : reach->examined;
      enough = passed.value() >= checkpoint_.at.value() + kMaxExamined || clock_.steady() >= until || passed <= after;
      done.at_end = reach->at_end;
      done.to = std::max(done.to, passed);
      after = done.to;
    }
  }
  if (before && !done.failed && !done.broken && !done.full) done.to = std::max(done.to, position{before->value() - 1});
  return done;
}

void projection_step::discard() {
  documents_.discard();
  behind_.clear();
}

result<void> projection_step::write(position to) {
  auto row = checkpoint_;
  row.at = to;
  row.round = 0;
  rows_->clear();
  // Far behind the head nobody can want to know what changed: whoever followed the changes begins anew at the end of it.
  auto const head = events_.head().value();
  bool const feed = head - std::min(head, to.value()) <= settings_.change_events;
  if (auto collected = documents_.collect(*rows_, std::nullopt, feed); !collected) return collected;
  if (auto trimmed = trim_changes(row, feed); !trimmed) return trimmed;
  std::map<aggregate_name, persistence::blocked_row, name_order> grown;
  for (auto const& letter : behind_) {
    rows_->put_letter(letter);
    std::pair<std::string_view, std::string_view> const name(letter.type, letter.id);
    auto const found = grown.find(name);
    ++(found != grown.end() ? found : grown.insert(*blocked_.find(name)).first)->second.letters;
  }
  for (auto const& [name, blocked] : grown) rows_->put_blocked(name.first, name.second, blocked);
  row.letters += behind_.size();
  rows_->put_checkpoint(row);
  if (auto done = store_->commit(*rows_); !done) return done;
  for (auto const& [name, blocked] : grown) blocked_[name] = blocked;
  behind_.clear();
  changes_ += documents_.changed_documents();
  documents_.written();
  checkpoint_ = row;
  return {};
}

/// Keeps the change index within its bound, a tenth at a time.
result<void> projection_step::trim_changes(persistence::checkpoint_row& row, bool feed) {
  auto keep_after = row.changes_after;
  if (!feed)
    keep_after = row.at;
  else if (row.at.value() - row.changes_after.value() > settings_.change_events + settings_.change_events / 10)
    keep_after = position{row.at.value() - settings_.change_events};
  if (keep_after == row.changes_after) return {};
  auto const from = std::exchange(row.changes_after, keep_after);
  return store_->look()->changes({from, std::numeric_limits<std::uint32_t>::max()}, std::nullopt, [&](persistence::change_row&& each) {
    if (each.noted.at > keep_after) return false;
    rows_->remove_change(each);
    return true;
  });
}

projection_step::outcome projection_step::broken(failure why) {
  discard();
  return {end::broken, {}, std::move(why)};
}

projection_step::outcome projection_step::stop(std::string reason) {
  return {end::stopped, {}, plain(errc::projection_blocked, std::move(reason))};
}

projection_step::outcome projection_step::advance() {
  if (trouble_) return try_again();
  auto done = handle(std::nullopt, false);
  if (done.broken) return broken(std::move(*done.broken));
  if (!done.failed) {
    auto written = done.to > checkpoint_.at ? write(done.to) : result<void>{};
    if (written) {
      if (done.full) return stop("there are " + std::to_string(checkpoint_.letters) + " dead letters, as many as may be");
      return {done.at_end ? end::at_end : end::more, {}, {}};
    }
    if (written.error().code != errc::malformed) return broken(written.error());
    // Some event made a document that cannot be stored. Once more, looking after each.
    discard();
    done = handle(std::nullopt, true);
    if (done.broken) return broken(std::move(*done.broken));
    if (!done.failed) return broken(written.error());
  }
  auto [failed, why] = std::move(*done.failed);
  discard();
  // What lies before it is good, and is written without it.
  auto const good = handle(failed, true);
  if (good.broken) return broken(*good.broken);
  if (good.failed) return broken(plain(errc::user_code_failed, "project() is not a pure function: " + good.failed->second));
  if (good.full) return broken(plain(errc::user_code_failed, "project() is not a pure function"));
  if (auto written = good.to > checkpoint_.at ? write(good.to) : result<void>{}; !written) return broken(written.error());
  return note_trouble(failed, std::move(why));
}

projection_step::outcome projection_step::note_trouble(position at, std::string error) {
  if (!trouble_) trouble_ = trouble{at, 0, settings_.first_delay, {}};
  last_error_ = "event " + std::to_string(at.value()) + ": " + error;
  trouble_->error = std::move(error);
  if (++trouble_->attempts >= settings_.attempts) return give_up();
  auto const wait = trouble_->delay;
  trouble_->delay = std::min(trouble_->delay * kDelayGrowth, settings_.max_delay);
  return {end::retry, wait, plain(errc::user_code_failed, last_error_)};
}

projection_step::outcome projection_step::try_again() {
  if (trouble_->attempts >= settings_.attempts) return give_up();
  std::optional<std::string> why;
  auto const read = events_.read_one(trouble_->at, [&](projected_event const& event) {
    why = project(event, true);
    return false;
  });
  if (documents_.store_failure()) return broken(*documents_.store_failure());
  if (!read) return broken(read.error());
  if (why) {
    discard();
    return note_trouble(trouble_->at, std::move(*why));
  }
  if (auto written = write(trouble_->at); !written) return broken(written.error());
  trouble_.reset();
  return {end::more, {}, {}};
}

}  // namespace evoke::actors
