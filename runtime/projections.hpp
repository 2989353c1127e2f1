#pragma once

#include <evoke/options.hpp>
#include <evoke/read_model.hpp>
#include <evoke/registry.hpp>
#include <evoke/runtime.hpp>

#include <atomic>
#include <functional>
#include <memory>
#include <string_view>
#include <vector>

#include "actors/projection_actor.hpp"
#include "actors/recovery_pool.hpp"
#include "persistence/read_models.hpp"
#include "runtime/deadlines.hpp"
#include "runtime/worker_answers.hpp"

namespace evoke::detail {

/// All projections of one runtime: their store, their actors, and the reads of what they keep. Any thread. Answers are given on the worker
/// that asked; reads run on the background threads.
class projections {
 public:
  /// What it uses of the runtime, which outlives it. @param busy whether commands are open.
  struct surroundings {
    persistence::journal& journal;
    persistence::log_feed* feed;
    actors::recovery_pool& pool;
    worker_answers& answers;
    actors::worker_pool& workers;
    clock const& time;
    std::function<bool()> busy;
  };
  projections(surroundings with, runtime_options const& options);
  ~projections() {
    stop();
    close();
  }

  /// Opens the store and starts an actor for each projection. Without projections it does nothing.
  [[nodiscard]] result<void> start(registry const& types);
  /// Ends the actors. Who waits and who comes later is answered `draining`.
  void stop();
  /// Closes the store, when no background thread reads it any more.
  void close();

  // -- projections_read.cpp
  void find(document_request request, callback<result<document_reply>> done);
  void query(view_query request, callback<result<view_page>> done);
  void wait_for(std::string_view name, position at, std::chrono::milliseconds at_most, callback<result<void>> done);
  // -- projections_changes.cpp
  void changes(view_changes_request request, callback<result<view_changes>> done);
  // -- projections.cpp
  void all(callback<result<std::vector<projection_status>>> done);
  void one(std::string_view name, callback<result<projection_status>> done);
  void pause(std::string_view name, callback<result<void>> done);
  void resume(std::string_view name, callback<result<void>> done);
  /// Of the read models' storage engine; nothing where there are none.
  [[nodiscard]] persistence::storage_memory memory() const { return store_ ? store_->memory() : persistence::storage_memory{}; }
  void rebuild(std::string_view name, callback<result<void>> done);
  void dead_letters(std::string_view name, std::uint64_t after, std::size_t limit, callback<result<dead_letter_page>> done);
  void retry(std::string_view name, std::uint64_t number, bool whole_row, callback<result<letters_handled>> done);
  void skip(std::string_view name, std::uint64_t number, callback<result<letters_handled>> done);

 private:
  using moment = actors::projection_actor::moment;

  [[nodiscard]] result<actors::projection_actor*> actor_of(std::string_view name) const;
  template <class T>
  void answer(std::size_t worker, callback<result<T>> done, result<T> with);
  /// Runs `how` on a background thread and answers on `worker`.
  template <class T>
  void read(std::size_t worker, callback<result<T>> done, std::move_only_function<result<T>()> how);
  /// Has `what` done by the actor, and answers on the worker that asks here.
  template <class T>
  void ask(std::string_view name, std::function<result<T>(actors::projection_life&)> what, callback<result<T>> done);

  // -- projections_read.cpp
  /// Calls `go` when `after` is reached, with whether it is not but the reader takes what there is; or with why it will not be.
  void when_ready(actors::projection_actor& actor, read_after const& after, std::move_only_function<void(result<void>)> go);
  /// Whether the position's aggregate has dead letters at or before it. @returns projection_blocked naming the first.
  [[nodiscard]] result<void> check_row(actors::projection_actor const& actor, persistence::generation_view const& view,
                                       persistence::checkpoint_row const& checkpoint, position at) const;
  struct opened {
    std::shared_ptr<persistence::generation> store;
    std::unique_ptr<persistence::generation_view> view;
    persistence::checkpoint_row checkpoint;
    bool stale = false;
  };
  /// A moment of the read model that is fit for the reader.
  [[nodiscard]] result<opened> open_view(actors::projection_actor const& actor, read_after const& after) const;
  [[nodiscard]] result<view_page> page_now(actors::projection_actor const& actor, view_query const& asked) const;
  /// Why somebody who waited for `wanted` is sent away.
  [[nodiscard]] failure sent_away(actors::projection_actor const& actor, actors::position_waiters::end how, position wanted) const;
  [[nodiscard]] failure lagging(actors::projection_actor const& actor, position wanted) const;
  [[nodiscard]] failure blocked(actors::projection_actor const& actor, position wanted) const;

  // -- projections_changes.cpp
  struct feed_request;
  void look_for_changes(std::shared_ptr<feed_request> asked);

  [[nodiscard]] static failure ending() { return {errc::draining, "the runtime is stopping", {}, {}, {}}; }
  [[nodiscard]] projection_status with_lag(projection_status now) const;

  surroundings with_;
  runtime_options const& options_;
  deadlines deadlines_;
  std::unique_ptr<persistence::read_models> store_;
  std::unique_ptr<actors::projection_world> world_;
  std::vector<std::unique_ptr<actors::projection_actor>> actors_;
  std::atomic<bool> ending_{false};
};

// -- what the files of this class share

template <class T>
void projections::answer(std::size_t worker, callback<result<T>> done, result<T> with) {
  with_.answers.run_on(worker, [done = std::move(done), with = std::move(with)]() mutable { done(std::move(with)); });
}

template <class T>
void projections::read(std::size_t worker, callback<result<T>> done, std::move_only_function<result<T>()> how) {
  // Shared, because a refused submission must still answer.
  auto shared = std::make_shared<callback<result<T>>>(std::move(done));
  bool const taken =
      with_.pool.try_submit([this, worker, shared, how = std::move(how)]() mutable { answer(worker, std::move(*shared), how()); },
                            options_.limits.max_waiting_reads);
  if (!taken) answer<T>(worker, std::move(*shared), fail({errc::overloaded, "too many reads wait", {}, {}, 100}));
}

}  // namespace evoke::detail
