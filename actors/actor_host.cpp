#include "actors/actor_host.hpp"

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/detail/thread_safe_actor_clock.hpp>
#include <caf/logger.hpp>
#include <caf/scheduler/coordinator.hpp>

#include "actors/aggregate_actor.hpp"
#include "actors/asio_policy.hpp"

namespace evoke::actors {
namespace {

// An actor gives up its worker after this many messages: one that is never empty must not starve the rest.
constexpr std::size_t messages_per_turn = 64;

/// An actor that ends takes its timeouts back from CAF's clock: that wakes the clock's thread for every aggregate that is passivated, and
/// makes the worker wait for it when 64 are on their way. No actor here sets any, so there is nothing to take back.
class clock_without_timeouts final : public caf::detail::thread_safe_actor_clock {
 public:
  void cancel_timeouts(caf::abstract_actor* /*of*/) override {}
};

class pool_coordinator final : public caf::scheduler::coordinator<asio_policy> {
 public:
  using coordinator::coordinator;
  static caf::actor_system::module* make(caf::actor_system& in, caf::detail::type_list<> /*extensions*/) {
    return new pool_coordinator(in);
  }
  caf::detail::thread_safe_actor_clock& clock() noexcept override { return untouched_; }

 private:
  clock_without_timeouts untouched_;
};

class pool_config final : public caf::actor_system_config {
 public:
  explicit pool_config(worker_pool& workers) : pool(&workers) {
    set("scheduler.max-threads", workers.size());
    set("scheduler.max-throughput", messages_per_turn);
    load<pool_coordinator>();
  }
  worker_pool* pool;
};

}  // namespace

worker_pool& pool_of(caf::scheduler::abstract_coordinator& owner) {
  return *dynamic_cast<pool_config const&>(owner.system().config()).pool;
}

/// CAF leaves a reference to the system's logger with every thread that makes a system or spawns, and its destructor waits until all are
/// gone: it would hang on any other thread than the only one that did. Nothing here logs through CAF.
void let_go_of_logger() {
  caf::logger::set_current_actor_system(nullptr);
}

struct actor_host::impl {
  impl(worker_pool& pool, services& use, std::uint32_t max_resident, std::chrono::milliseconds recovery_backoff)
      : config(pool),
        system(std::make_unique<caf::actor_system>(config)),
        aggregates(use, max_resident, recovery_backoff, [this, &use](directory& home, directory::entry& place) {
          auto spawned = system->spawn<aggregate_actor>(use, home, place);
          let_go_of_logger();
          return spawned;
        }) {
    let_go_of_logger();
  }

  pool_config config;
  std::unique_ptr<caf::actor_system> system;
  directory aggregates;
};

actor_host::actor_host(worker_pool& pool, services& use, std::uint32_t max_resident, std::chrono::milliseconds recovery_backoff)
    : impl_(std::make_unique<impl>(pool, use, max_resident, recovery_backoff)) {}

actor_host::~actor_host() {
  stop();
}

directory& actor_host::aggregates() noexcept {
  return impl_->aggregates;
}

void actor_host::stop() {
  impl_->system.reset();
}

}  // namespace evoke::actors
