#pragma once

#include <caf/policy/unprofiled.hpp>
#include <caf/resumable.hpp>
#include <caf/scheduler/abstract_coordinator.hpp>

#include "actors/worker_pool.hpp"

namespace evoke::actors {

/// Finds the pool that an actor system's workers run, through its configuration (actor_host.cpp).
[[nodiscard]] worker_pool& pool_of(caf::scheduler::abstract_coordinator& owner);

/// CAF's scheduling policy on the threads of a worker_pool: its coordinator is in actor_host.cpp.
/// CAF owns the threads; each runs `worker_pool::next_job`, which runs sockets and actors in turn.
class asio_policy : public caf::policy::unprofiled {
 public:
  struct coordinator_data {
    explicit coordinator_data(caf::scheduler::abstract_coordinator* owner) : pool(&pool_of(*owner)) {}
    worker_pool* pool;
  };
  struct worker_data {
    explicit worker_data(caf::scheduler::abstract_coordinator* owner) : pool(&pool_of(*owner)) {}
    worker_pool* pool;
    bool entered = false;
  };

  template <class Coordinator>
  void central_enqueue(Coordinator* self, caf::resumable* job) {
    d(self).pool->push(job);
  }
  /// CAF ends workers with this: such a job must reach every worker in the end, taken or not.
  template <class Worker>
  void external_enqueue(Worker* self, caf::resumable* job) {
    d(self).pool->push_to(self->id(), job);
  }
  template <class Worker>
  void internal_enqueue(Worker* self, caf::resumable* job) {
    d(self).pool->push(job);
  }
  /// The actor has used up its share: to the end of the queue, others first.
  template <class Worker>
  void resume_job_later(Worker* self, caf::resumable* job) {
    d(self).pool->push(job);
  }

  template <class Worker>
  caf::resumable* dequeue(Worker* self) {
    auto& data = d(self);
    if (!data.entered) {
      data.pool->enter(self->id());
      data.entered = true;
    }
    return static_cast<caf::resumable*>(data.pool->next_job(self->id()));
  }

  template <class Worker, class UnaryFunction>
  void foreach_resumable(Worker* self, UnaryFunction release) {
    for (auto* each : d(self).pool->take_remaining()) release(static_cast<caf::resumable*>(each));
  }
  template <class Coordinator, class UnaryFunction>
  void foreach_central_resumable(Coordinator*, UnaryFunction) {}
};

}  // namespace evoke::actors
