#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "actors/directory.hpp"
#include "actors/services.hpp"
#include "actors/worker_pool.hpp"

namespace evoke::actors {

/// CAF's actor system on the threads of a worker_pool, and the directory of aggregates that lives in it. The only thing the floors above
/// see of CAF's work.
class actor_host {
 public:
  /// Starts the workers' threads. `pool` and `use` must outlive it.
  actor_host(worker_pool& pool, services& use, std::uint32_t max_resident, std::chrono::milliseconds recovery_backoff);
  ~actor_host();  ///< stop()

  [[nodiscard]] directory& aggregates() noexcept;

  /// Ends the actors and the workers' threads. Aggregates should have been passivated: what is open is answered as dropped.
  void stop();

 private:
  struct impl;
  std::unique_ptr<impl> impl_;
};

}  // namespace evoke::actors
