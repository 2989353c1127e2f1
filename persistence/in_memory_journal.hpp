#pragma once

#include "persistence/journal.hpp"

#include <chrono>
#include <memory>

namespace evoke::persistence {

struct in_memory_options {
  evoke::clock const* clock = nullptr;        ///< nullptr = the system's; must outlive the journal
  std::chrono::hours idempotency_expiry{24};  ///< command records older than this are absent
  uuid store_id{};                            ///< nil = a random one
};

/// A journal that is gone with the process: for tests and trials. Keeps every invariant of the port; "durable" means committed.
/// Many readers beside one writer; a visitor is called without any lock held and may call the journal.
[[nodiscard]] std::unique_ptr<journal> make_in_memory_journal(in_memory_options options = {});

}  // namespace evoke::persistence
