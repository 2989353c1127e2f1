#pragma once

#include <evoke/command.hpp>

#include <mutex>
#include <utility>
#include <vector>

#include "actors/services.hpp"
#include "actors/worker_pool.hpp"

namespace evoke::detail {

/// Tells callers that too many commands are open. Whoever is beyond the limit comes in thousands, and each answer takes away from what can
/// still be done: answers to threads that are no workers are gathered, and one task gives all that came until it runs. Any thread.
class overload_answers {
 public:
  /// Both must outlive it.
  overload_answers(actors::worker_pool& workers, actors::answer_port& answers) : workers_(workers), answers_(answers) {}

  /// On a worker at once, else soon on one of them.
  void tell(std::move_only_function<void(command_result)> done) {
    if (workers_.current()) return done(too_many());
    {
      std::lock_guard const lock(guard_);
      waiting_.push_back(std::move(done));
      if (waiting_.size() > 1) return;  // whoever was the first has posted the task
    }
    answers_.run_on(workers_.here_or_next(), [this] { tell_all(); });
  }

 private:
  [[nodiscard]] static failure too_many() { return {errc::overloaded, "too many commands are open", {}, {}, 100}; }

  void tell_all() {
    std::vector<std::move_only_function<void(command_result)>> gathered;
    {
      std::lock_guard const lock(guard_);
      std::swap(gathered, waiting_);
      waiting_.reserve(gathered.size());
    }
    for (auto& each : gathered) each(too_many());
  }

  actors::worker_pool& workers_;
  actors::answer_port& answers_;
  std::mutex guard_;
  std::vector<std::move_only_function<void(command_result)>> waiting_;
};

}  // namespace evoke::detail
