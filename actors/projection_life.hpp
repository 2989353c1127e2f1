#pragma once

#include <evoke/options.hpp>
#include <evoke/read_model.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "actors/event_source.hpp"
#include "actors/projection_step.hpp"
#include "persistence/read_models.hpp"

namespace evoke::actors {

/// One projection's life: its living generation, and the one that is being built beside it. Plain: no thread. Whoever owns it calls
/// `work` again and again, and everything else in between. One thread.
///
/// Invariants:
///  1. what is served was complete up to some head when it became live: nobody ever reads a half-built one;
///  2. a generation becomes live only when it has passed every position that the one before it had;
///  3. the generation that is being built survives restarts as far as its last flush.
class projection_life {
 public:
  /// All must outlive it. @param make_source an event source for one generation.
  projection_life(projection_definition const& definition, persistence::read_models& store,
                  std::function<std::unique_ptr<event_source>()> make_source, clock const& time, step_settings settings, log_sink log);

  /// Finds out what is stored and what must be built. Before anything else.
  [[nodiscard]] result<void> start();

  /// What to do after `work`.
  struct next_step {
    enum class kind : std::uint8_t {
      work,   ///< call it again
      wait,   ///< call it again after `wait` at the latest, or when something happened
      sleep,  ///< call it again when something happened
    } what{};
    std::chrono::milliseconds wait{};
  };
  /// A batch of the living generation and one of the other, as far as there is something to do.
  [[nodiscard]] next_step work();

  result<void> pause();
  /// Also takes up what was stopped.
  result<void> resume();
  /// Begins a generation anew at position 0; one that was being built is thrown away.
  result<void> rebuild();
  result<letters_handled> retry(std::uint64_t number, bool whole_row);
  result<letters_handled> skip(std::uint64_t number);
  /// Everything to disk. Before the store is closed.
  result<void> flush();

  /// What is answered from; nullptr = nothing yet.
  [[nodiscard]] std::shared_ptr<persistence::generation> served() const { return live_ ? live_->step.store() : nullptr; }
  /// Counts the changes of what is served.
  [[nodiscard]] std::uint64_t changes() const { return live_ ? live_->step.changes() : 0; }
  [[nodiscard]] persistence::checkpoint_row checkpoint() const { return live_ ? live_->step.checkpoint() : persistence::checkpoint_row{}; }
  /// All but the lag in time, which takes a read.
  [[nodiscard]] projection_status status() const;

 private:
  /// A generation on its way.
  struct course {
    course(projection_definition const& definition, std::shared_ptr<persistence::generation> store, std::unique_ptr<event_source> source,
           clock const& time, step_settings const& settings)
        : events(std::move(source)), step(definition, std::move(store), *events, time, settings) {}
    std::unique_ptr<event_source> events;
    projection_step step;
    projection_step::outcome last{};        ///< of the batch before
    std::chrono::nanoseconds not_before{};  ///< of the next attempt
    std::chrono::nanoseconds began{};       ///< when this process took it up
    position began_at{};
    std::chrono::nanoseconds flushed{};  ///< when it was flushed last, and where it was
    position flushed_at{};
  };

  [[nodiscard]] result<std::unique_ptr<course>> take_up(persistence::generation_identity const& which);
  [[nodiscard]] result<void> begin_building();
  [[nodiscard]] bool fits(std::optional<persistence::generation_identity> const& which) const;
  void run(course& on);
  [[nodiscard]] bool may_run(course const& on) const;
  [[nodiscard]] result<void> swap_when_ready();
  void flush_now_and_then();
  void drop(persistence::generation_identity const& which);
  void note_end(course& on, projection_step::outcome end);
  result<void> write_record();

  projection_definition const& definition_;
  persistence::read_models& store_;
  std::function<std::unique_ptr<event_source>()> make_source_;
  clock const& clock_;
  step_settings settings_;
  log_sink log_;
  persistence::projection_record record_;
  std::unique_ptr<course> live_;
  std::unique_ptr<course> building_;
};

}  // namespace evoke::actors
