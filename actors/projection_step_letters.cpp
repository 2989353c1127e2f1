#include "actors/projection_step.hpp"

#include <algorithm>
#include <utility>

/// Events that could not be handled: put aside, tried again, given up.
namespace evoke::actors {
namespace {

std::string place(persistence::letter_row const& letter) {
  return letter.type + "/" + letter.id;
}

}  // namespace

projection_step::outcome projection_step::give_up() {
  auto const& with = *trouble_;
  if (!blocks() && !definition_.any_order()) return stop("event " + std::to_string(with.at.value()) + " cannot be handled: " + with.error);
  if (checkpoint_.letters >= settings_.max_letters)
    return stop("there are " + std::to_string(checkpoint_.letters) + " dead letters, as many as may be; event " +
                std::to_string(with.at.value()) + " would be another: " + with.error);
  result<void> put;
  auto const read = events_.read_one(with.at, [&](projected_event const& event) {
    put = put_first_letter(event, with);
    return false;
  });
  if (!read) return broken(read.error());
  if (!put) return broken(put.error());
  trouble_.reset();
  return {end::more, {}, {}};
}

result<void> projection_step::put_first_letter(projected_event const& event, trouble const& with) {
  persistence::letter_row const letter{
      event.position,          event.version, with.attempts, clock_.now(), std::string(event.stream_type), std::string(event.stream_id),
      std::string(event.type), with.error};
  auto row = checkpoint_;
  row.at = event.position;
  ++row.letters;
  rows_->clear();
  rows_->put_letter(letter);
  persistence::blocked_row const blocked{event.position, 1};
  if (blocks()) {
    ++row.blocked;
    rows_->put_blocked(letter.type, letter.id, blocked);
  }
  rows_->put_checkpoint(row);
  if (auto done = store_->commit(*rows_); !done) return done;
  if (blocks()) blocked_.emplace(aggregate_name(letter.type, letter.id), blocked);
  checkpoint_ = row;
  return {};
}

result<persistence::letter_row> projection_step::find_letter(std::uint64_t number, bool anywhere) {
  auto const view = store_->look();
  auto letter = view->letter(position{number});
  if (!letter) return std::unexpected(letter.error());
  if (!*letter) return fail(errc::not_found, definition_.name() + " has no dead letter " + std::to_string(number));
  auto const row = blocked_.find(std::pair<std::string_view, std::string_view>((*letter)->type, (*letter)->id));
  if (row == blocked_.end() || row->second.first.value() == number) return std::move(**letter);
  auto const first = row->second.first;
  if (!anywhere)
    return fail(errc::invalid_argument, "dead letter " + std::to_string(number) + " of " + place(**letter) + " waits behind " +
                                            std::to_string(first.value()) + ": handle that one first, or the whole row");
  letter = view->letter(first);
  if (!letter) return std::unexpected(letter.error());
  if (!*letter) return fail(errc::corrupt, "dead letter " + std::to_string(first.value()) + " is first in its row but not there");
  return std::move(**letter);
}

std::uint64_t projection_step::left_in_row(persistence::letter_row const& letter) const {
  auto const row = blocked_.find(std::pair<std::string_view, std::string_view>(letter.type, letter.id));
  return row == blocked_.end() ? 0 : row->second.letters;
}

/// Writes what the batch holds together with the letter's removal.
result<void> projection_step::take_out(persistence::letter_row const& letter) {
  auto row = checkpoint_;
  rows_->clear();
  ++row.round;
  if (auto collected = documents_.collect(*rows_, persistence::change_place{row.at, row.round}, true); !collected) return collected;
  rows_->remove_letter(letter);
  --row.letters;
  auto const blocked = blocked_.find(std::pair<std::string_view, std::string_view>(letter.type, letter.id));
  std::optional<persistence::blocked_row> left;
  if (blocked != blocked_.end() && blocked->second.letters > 1) {
    position next{};
    auto const found = store_->look()->row_of(letter.type, letter.id, [&](position at) {
      if (at == letter.at) return true;
      next = at;
      return false;
    });
    if (!found) return found;
    left = persistence::blocked_row{next, blocked->second.letters - 1};
    rows_->put_blocked(letter.type, letter.id, *left);
  } else if (blocked != blocked_.end()) {
    --row.blocked;
    rows_->remove_blocked(letter.type, letter.id);
  }
  rows_->put_checkpoint(row);
  if (auto done = store_->commit(*rows_); !done) return done;
  changes_ += documents_.changed_documents();
  documents_.written();
  checkpoint_ = row;
  if (left)
    blocked->second = *left;
  else if (blocked != blocked_.end())
    blocked_.erase(blocked);
  return {};
}

result<std::optional<std::string>> projection_step::handle_letter(persistence::letter_row const& letter) {
  std::optional<std::string> why;
  auto const read = events_.read_one(letter.at, [&](projected_event const& event) {
    why = project(event, true);
    return false;
  });
  auto const refuse = [this](failure reason) {
    discard();
    return std::unexpected(std::move(reason));
  };
  if (documents_.store_failure()) return refuse(*documents_.store_failure());
  if (!read) return refuse(read.error());
  if (why) {
    discard();
    return why;
  }
  if (auto done = take_out(letter); !done) return refuse(done.error());
  return std::nullopt;
}

result<void> projection_step::note_failure(persistence::letter_row letter, std::string error) {
  ++letter.attempts;
  letter.failed_at = clock_.now();
  letter.error = std::move(error);
  last_error_ = "event " + std::to_string(letter.at.value()) + ": " + letter.error;
  rows_->clear();
  rows_->put_letter(letter);
  return store_->commit(*rows_);
}

result<letters_handled> projection_step::retry(std::uint64_t number, bool whole_row) {
  letters_handled sum;
  auto next = find_letter(number, whole_row);
  if (!next) return std::unexpected(next.error());
  for (;;) {
    auto const letter = *next;
    auto why = handle_letter(letter);
    if (!why) return std::unexpected(why.error());
    sum.left = left_in_row(letter);
    if (*why) {
      sum.left = std::max<std::uint64_t>(sum.left, 1);
      sum.error = **why;
      if (auto noted = note_failure(letter, std::move(**why)); !noted) return std::unexpected(noted.error());
      break;
    }
    ++sum.handled;
    if (!whole_row || sum.left == 0) break;
    next = find_letter(blocked_.find(std::pair<std::string_view, std::string_view>(letter.type, letter.id))->second.first.value(), false);
    if (!next) return std::unexpected(next.error());
  }
  if (auto flushed = store_->flush(); !flushed) return std::unexpected(flushed.error());
  return sum;
}

result<letters_handled> projection_step::skip(std::uint64_t number) {
  auto const letter = find_letter(number, false);
  if (!letter) return std::unexpected(letter.error());
  if (auto done = take_out(*letter); !done) return std::unexpected(done.error());
  if (auto flushed = store_->flush(); !flushed) return std::unexpected(flushed.error());
  return letters_handled{1, left_in_row(*letter), {}};
}

}  // namespace evoke::actors
