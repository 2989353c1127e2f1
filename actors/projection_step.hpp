#pragma once

#include <evoke/projection_definition.hpp>
#include <evoke/read_model.hpp>
#include <evoke/time.hpp>

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "actors/document_cache.hpp"
#include "actors/event_source.hpp"
#include "persistence/generation.hpp"

namespace evoke::actors {

struct step_settings {
  std::uint64_t batch_events = 20'000;         ///< handled before they are written together
  std::size_t batch_bytes = 8 * 1024 * 1024;   ///< of these events
  std::chrono::milliseconds batch_time{50};    ///< spent on these events
  std::uint32_t attempts = 3;                  ///< on one event, before it is put aside
  std::chrono::milliseconds first_delay{50};   ///< before the second attempt; then four times as long each
  std::chrono::milliseconds max_delay{2'000};  ///< at most
  std::uint64_t max_letters = 10'000;          ///< beyond: stopped
  std::size_t cache_bytes = 32 * 1024 * 1024;  ///< decoded documents kept between batches
  std::chrono::seconds flush_interval{30};     ///< what a crash takes back is made within this time, or within a write buffer
  std::uint64_t change_events = 100'000;       ///< the change index knows what these last events changed, one tenth more at most
};

/// Takes one generation of a projection through the log, batch by batch. Plain: no thread, no clock of its own. One thread.
///
/// Invariants:
///  1. every batch is one write: documents, index entries, changes, dead letters and the checkpoint they belong to; so each event has its
///     effect once, wherever a crash falls between two writes;
///  2. an event that fails leaves no trace but its letter; those before it are written;
///  3. while an aggregate has letters, its later events become letters behind them, untried and in order;
///  4. no letter is taken out before the effect of its event is in the same write, or a person said to skip it.
class projection_step {
 public:
  /// All must outlive it.
  projection_step(projection_definition const& definition, std::shared_ptr<persistence::generation> store, event_source& events,
                  clock const& time, step_settings settings);

  /// Reads where it stands. Before anything else. @returns corrupt, io_error.
  [[nodiscard]] result<void> load();

  enum class end : std::uint8_t {
    more,     ///< there is more to do at once
    at_end,   ///< everything up to the head is handled
    retry,    ///< an event failed and is tried again after `wait`
    stopped,  ///< it cannot go on without a person; `why` says what stands in the way. take_up() tries again
    broken,   ///< the store or the journal said no; nothing was changed, and trying again later may help
  };
  struct outcome {
    end what{};
    std::chrono::milliseconds wait{};
    failure why{};
  };
  /// One batch.
  [[nodiscard]] outcome advance();
  /// Forgets the attempts on the event that stopped it.
  void take_up() noexcept { trouble_.reset(); }

  /// Tries the dead letter again: `number` must be the first of its row, or with `whole_row` any of it. Durable when it returns. Whoever
  /// fails again stays first in its row. @returns not_found; invalid_argument when it waits behind another; io_error, storage_full.
  result<letters_handled> retry(std::uint64_t number, bool whole_row);
  /// Gives the event up for good; it must be the first of its row. Durable when it returns. @returns as retry.
  result<letters_handled> skip(std::uint64_t number);

  [[nodiscard]] persistence::checkpoint_row const& checkpoint() const noexcept { return checkpoint_; }
  [[nodiscard]] std::shared_ptr<persistence::generation> const& store() const noexcept { return store_; }
  /// Counts the changes of documents since it was made.
  [[nodiscard]] std::uint64_t changes() const noexcept { return changes_; }
  /// The newest failure of an event; empty when there was none.
  [[nodiscard]] std::string const& last_error() const noexcept { return last_error_; }

 private:
  using aggregate_name = std::pair<std::string, std::string>;
  struct name_order {
    using is_transparent = void;
    bool operator()(auto const& left, auto const& right) const {
      return std::pair<std::string_view, std::string_view>(left) < std::pair<std::string_view, std::string_view>(right);
    }
  };
  struct trouble {
    position at{};
    std::uint32_t attempts = 0;
    std::chrono::milliseconds delay{};
    std::string error;
  };
  /// What running over some events came to; nothing is written yet.
  struct run {
    position to{};  ///< handled up to here
    bool at_end = false;
    std::uint64_t events = 0;
    bool full = false;  ///< the next event belongs to a row, and there is no room for another letter
    std::optional<failure> broken{};
    std::optional<std::pair<position, std::string>> failed{};  ///< the event that failed, and why
  };

  /// @param before the first event that is not to be handled; nullopt = as far as a batch goes. @param careful whether each event is
  /// encoded at once, to find the one whose documents cannot be.
  [[nodiscard]] run handle(std::optional<position> before, bool careful);
  /// One event. @returns why it failed.
  [[nodiscard]] std::optional<std::string> project(projected_event const& event, bool careful);
  /// A letter behind others of its aggregate, if it has some.
  [[nodiscard]] bool set_behind(projected_event const& event, bool& full);
  [[nodiscard]] result<void> write(position to);
  [[nodiscard]] result<void> trim_changes(persistence::checkpoint_row& row, bool feed);
  void discard();

  [[nodiscard]] outcome try_again();
  [[nodiscard]] outcome note_trouble(position at, std::string error);
  [[nodiscard]] outcome give_up();
  [[nodiscard]] outcome stop(std::string reason);
  [[nodiscard]] outcome broken(failure why);

  // -- projection_step_letters.cpp
  [[nodiscard]] bool blocks() const noexcept { return definition_.keys() == key_rule::by_aggregate; }
  [[nodiscard]] result<void> put_first_letter(projected_event const& event, trouble const& with);
  [[nodiscard]] result<persistence::letter_row> find_letter(std::uint64_t number, bool anywhere);
  /// Handles the letter's event. @returns why it failed, nullopt when its effect is written and the letter gone.
  [[nodiscard]] result<std::optional<std::string>> handle_letter(persistence::letter_row const& letter);
  [[nodiscard]] result<void> take_out(persistence::letter_row const& letter);
  [[nodiscard]] result<void> note_failure(persistence::letter_row letter, std::string error);
  [[nodiscard]] result<void> after_letters();
  [[nodiscard]] std::uint64_t left_in_row(persistence::letter_row const& letter) const;

  projection_definition const& definition_;
  std::shared_ptr<persistence::generation> store_;
  event_source& events_;
  clock const& clock_;
  step_settings settings_;
  document_cache documents_;
  std::unique_ptr<persistence::generation_batch> rows_;
  persistence::checkpoint_row checkpoint_;
  std::map<aggregate_name, persistence::blocked_row, name_order> blocked_;
  std::vector<persistence::letter_row> behind_;  ///< set aside in this batch
  std::optional<trouble> trouble_;
  std::string last_error_;
  std::uint64_t changes_ = 0;
};

}  // namespace evoke::actors
