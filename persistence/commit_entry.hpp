#pragma once

#include <boost/smart_ptr/intrusive_ptr.hpp>
#include <boost/smart_ptr/intrusive_ref_counter.hpp>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "persistence/journal.hpp"

namespace evoke::persistence {

class commit_entry;
using commit_entry_ptr = boost::intrusive_ptr<commit_entry>;

/// Number of an entry in the commit queue, 1-based in the order of enqueueing. 0 = nothing enqueued yet.
using ticket = std::uint64_t;

/// One command on its way through the writer: what it changes, and who waits for it. An entry that changes nothing only waits for the
/// one it was chained to.
class commit_entry : public boost::intrusive_ref_counter<commit_entry, boost::thread_safe_counter> {
 public:
  commit_entry() = default;
  commit_entry(commit_entry const&) = delete;
  commit_entry& operator=(commit_entry const&) = delete;
  virtual ~commit_entry() = default;

  /// Called once on the writer thread, before anything later is committed, when `change` is durable: positions are filled.
  virtual void stored() noexcept {}

  /// Called once on the worker `worker`: `why` is nullptr when the entry is durable, else what became of it.
  virtual void finish(failure const* why) noexcept = 0;

  append change;
  std::size_t worker = 0;                 ///< which worker wants to hear
  std::vector<commit_entry_ptr> waiters;  ///< durable when this one is; guarded by the queue's lock until it is finished

  /// Position of the last event this entry stands on: of its own events, or, for a waiter, of the entry it was chained to.
  [[nodiscard]] position last_position() const noexcept {
    return change.events.empty() ? change.first_position : change.first_position.plus(change.events.size() - 1);
  }
};

/// What the writer tells when a group has ended. Called on the writer thread, once per group and worker.
class completion_sink {
 public:
  virtual ~completion_sink() = default;
  /// Calls finish(why) of each entry, in order, on worker `worker`. `why` is empty when the group is durable.
  virtual void deliver(std::size_t worker, std::vector<commit_entry_ptr> finished, std::optional<failure> why) = 0;
};

}  // namespace evoke::persistence
